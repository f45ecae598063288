// `replay` on a terminal: the recording as a film on the screen of a run.

import { systemClock } from "../clock.ts";
import { createFilm } from "../commands/film.ts";
import type { FilmOptions } from "../commands/replay.ts";
import { createLatestValueChannel } from "../latest-value-channel.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ProbeEvent } from "../schema/event.ts";
import { showScreen } from "./live-screen.ts";
import type { Wiring } from "./wiring.ts";

/** Settles when the user has left. */
export async function showFilm(
  wiring: Wiring,
  events: readonly ProbeEvent[],
  options: FilmOptions,
): Promise<void> {
  const { diagnosisOf: diagnose, serviceOf: service } = await import("../report/diagnosis.ts");
  const channel = createLatestValueChannel<readonly Snapshot[]>();
  const left = new AbortController();
  const { signal } = left;
  const show = (snapshot: Snapshot) => channel.push([snapshot]);
  const film = createFilm({ events, clock: systemClock, signal, show, diagnose, service });
  const keys = { onWatchKey: film.press, stayOpen: true };
  const shown = showScreen(wiring, channel.values, options, keys).finally(() =>
    left.abort(new Error("left")),
  );
  await Promise.all([shown, film.play()]);
}
