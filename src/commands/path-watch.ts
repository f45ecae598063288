// Continuous mode of `path`: what goes on between the first verdicts and the report.

import type { Snapshot } from "../model/snapshot.ts";
import { duration } from "../report/duration.ts";
import { formatChange } from "../report/text-watch.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { Target } from "../schema/events/run.ts";
import type { WatchedChange, WatchReport } from "../schema/events/watch.ts";
import type { PathDeps, PathRequest, WatchRun } from "./path-request.ts";
import type { CaptureOrReason } from "./pcap-output.ts";
import type { Recorder } from "./recorder.ts";

/** A target that was traced. */
export interface TracedTarget {
  readonly target: Target;
  /** Of the first run; it gets what was watched, too. A recording holds the first run alone. */
  readonly recorder: Recorder;
  readonly last: Snapshot;
  readonly capture: CaptureOrReason;
}

/** Of the last run of a target that came to its end. */
export interface EndedRun extends Pick<TracedTarget, "capture"> {
  readonly events: readonly ProbeEvent[];
}

interface Watching extends Pick<WatchRun, "signal"> {
  show(target: Target, snapshot: Snapshot): void;
  /** For a run that is not recorded. */
  fresh(): Recorder;
}

/**
 * Watches all targets side by side until the signal, or the number of rounds, ends it.
 * @returns the last run of each, with what was watched
 */
export async function goOn(
  traced: readonly TracedTarget[],
  watching: Watching,
  { options, rounds }: PathRequest,
  deps: PathDeps,
): Promise<readonly EndedRun[]> {
  const { watch, controls } = deps;
  const latest: EndedRun[] = traced.map(({ recorder, capture }) => ({
    events: recorder.events,
    capture,
  }));
  if (watch === null || controls === null) return latest;
  const takeTurn = createTurns();
  const runs = traced.map(
    (one, place): WatchRun => ({
      first: one.last,
      signal: watching.signal,
      show: (snapshot) => watching.show(one.target, snapshot),
      controls,
      rounds: rounds ?? null,
      retrace: async function* ({ family }) {
        const again = watching.fresh();
        // One after the other: packets of two runs would answer for each other at a router.
        const endTurn = await takeTurn();
        try {
          if (watching.signal.aborted) return;
          for await (const snapshot of deps.trace(one.target, { ...options, family }, again.keep)) {
            yield snapshot;
            if (snapshot.finished && !watching.signal.aborted)
              latest[place] = { events: again.events, capture: deps.packets?.take() ?? null };
          }
        } finally {
          endTurn();
        }
      },
      notify: (change) => {
        if (deps.show === null && (place === 0 || isOfOneTarget(change)))
          deps.notify(`${duration(change.atMs)}: ${formatChange(change)}`);
      },
    }),
  );
  const reports = await watch(options, runs);
  return latest.map((run, place) => withWatched(run, traced[place], reports[place]));
}

/** All others happen to the whole machine, and are told once. */
function isOfOneTarget({ what }: WatchedChange): boolean {
  return what === "verdict";
}

function withWatched(
  run: EndedRun,
  traced: TracedTarget | undefined,
  report: WatchReport | undefined,
): EndedRun {
  if (traced === undefined || report === undefined) return run;
  if (report.rounds === 0 && report.changes.length === 0) return run;
  const { recorder } = traced;
  recorder.keep(watchedEvent(report, recorder.events));
  if (run.events === recorder.events) return run;
  return { ...run, events: [...run.events, watchedEvent(report, run.events)] };
}

/** Behind all others of a run. */
function watchedEvent(report: WatchReport, before: readonly ProbeEvent[]): ProbeEvent {
  const atMs = before.at(-1)?.atMs ?? 0;
  return { id: `e${before.length + 1}`, atMs, kind: "watched", ...report };
}

/** Whoever takes a turn has it when all before have ended theirs. */
function createTurns(): () => Promise<() => void> {
  let before = Promise.resolve();
  return async () => {
    const mine = before;
    let end: () => void = () => undefined;
    before = new Promise((resolve) => {
      end = resolve;
    });
    await mine;
    return end;
  };
}
