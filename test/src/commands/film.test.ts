// A recording as a film: that it plays to its end, is stepped through, and jumps to what decided.

import { describe, expect, it } from "vitest";
import { createFilm } from "../../../src/commands/film.ts";
import type { Snapshot } from "../../../src/model/snapshot.ts";
import { diagnosisOf } from "../../../src/report/diagnosis.ts";
import type { FilmKey, WatchKey } from "../../../src/watch/controls.ts";
import { virtualClock } from "../../builders/clock.ts";
import { readEvents } from "../../recordings/files.ts";

const EVENTS = readEvents("wsl2-vpn.root.ndjson.gz");

interface Shown {
  readonly frames: readonly Snapshot[];
  readonly last: Snapshot | undefined;
}

/** @param keys pressed one after the other, each when the frame before it is drawn */
async function played(keys: readonly (FilmKey | WatchKey)[]): Promise<Shown> {
  const frames: Snapshot[] = [];
  const end = new AbortController();
  const film = createFilm({
    events: EVENTS,
    clock: virtualClock(),
    signal: end.signal,
    service: () => null,
    diagnose: diagnosisOf,
    show: (snapshot) => {
      frames.push(snapshot);
      const key = keys[frames.length - 1];
      if (key !== undefined) setImmediate(() => film.press(key));
      else if (snapshot.film?.playing === false) end.abort();
    },
  });
  await film.play();
  return { frames, last: frames.at(-1) };
}

describe("a film", () => {
  it("plays to the end, which has the verdict of the run, and never goes back", async () => {
    const { frames, last } = await played(["faster", "faster", "faster", "faster"]);
    expect(last?.finished).toBe(true);
    expect(last?.diagnosis.findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
    const at = frames.map(({ film }) => film?.at ?? -1);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    expect(new Set(at).size).toBeGreaterThan(3);
  });

  it("goes one event on and one back, and shows no more than those before", async () => {
    const { last } = await played(["step on", "step on", "step on", "step back"]);
    expect(last?.film).toMatchObject({ playing: false, at: 2 });
    expect(last?.events).toEqual(EVENTS.slice(0, 3));
  });

  it("jumps to the event that decided: the verdict is there, and was not before", async () => {
    const { last } = await played(["decided"]);
    const { at = 0, decidedAt } = last?.film ?? {};
    expect(at).toBe(decidedAt);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(EVENTS.length - 1);
    expect(last?.diagnosis.findings[0]?.cause).toBe("vpn-mtu-inbound-blackhole");
  });
});
