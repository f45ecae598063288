// `replay` on a terminal: the recording as a film on the screen of a run.

import { systemClock } from "../clock.ts";
import { createFilm } from "../commands/film.ts";
import type { FilmOptions } from "../commands/replay.ts";
import { createLatestValueChannel } from "../latest-value-channel.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { ProbeEvent } from "../schema/event.ts";
import { CTRL_C_CODE } from "./signals.ts";
import type { Wiring } from "./wiring.ts";

/** Settles when the user has left. */
export async function showFilm(
  { own, ending }: Wiring,
  events: readonly ProbeEvent[],
  { theme, ascii, redaction }: FilmOptions,
): Promise<void> {
  const { diagnosisOf: diagnose } = await import("../report/diagnosis.ts");
  const { LEAVE, showSnapshots } = await import("../../ui/show.tsx");
  const { createScreenTools } = await import("./screen-tools.ts");
  const channel = createLatestValueChannel<readonly Snapshot[]>();
  const left = new AbortController();
  const { signal } = left;
  const show = (snapshot: Snapshot) => channel.push([snapshot]);
  const film = createFilm({ events, clock: systemClock, signal, show, diagnose });
  const leave = () => own.stdout.write(LEAVE);
  own.once("exit", leave);
  const { NO_COLOR } = own.env;
  const shown = showSnapshots(channel.values, {
    stdout: own.stdout,
    stdin: own.stdin,
    theme: NO_COLOR === undefined || NO_COLOR === "" ? theme : "none",
    ascii,
    tools: createScreenTools({ own, redaction }),
    onWatchKey: film.press,
    stayOpen: true,
    signal: ending.signal,
  }).finally(() => {
    own.off("exit", leave);
    left.abort(new Error("left"));
  });
  const [outcome] = await Promise.all([shown, film.play()]);
  if (outcome === "interrupted") ending.endEarly(CTRL_C_CODE, new Error("Ctrl-C"));
}
