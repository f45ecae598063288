// Owns the subscription to a run's snapshots: the latest one, and whether more will come.

import { useEffect, useState } from "react";
import type { Snapshot } from "../src/model/snapshot.ts";
import type { Report } from "../src/schema/report.ts";

export interface LiveSnapshot {
  /** Of each target; null before the first one. */
  readonly targets: readonly [Snapshot, ...Snapshot[]] | null;
  readonly ended: boolean;
  /** What the run threw, wrapped so that even `undefined` counts; null when it threw nothing. */
  readonly failure: { readonly error: unknown } | null;
}

/** Follows the run until it ends or the screen is gone. */
export function useSnapshot(snapshots: AsyncIterable<readonly Snapshot[]>): LiveSnapshot {
  const [live, setLive] = useState<LiveSnapshot>({ targets: null, ended: false, failure: null });
  useEffect(() => {
    let gone = false;
    const update = (change: Partial<LiveSnapshot>) => {
      if (!gone) {
        setLive((before) => ({ ...before, ...change }));
      }
    };
    const follow = async () => {
      for await (const [first, ...others] of snapshots) {
        if (gone) {
          return;
        }
        if (first !== undefined) update({ targets: [first, ...others] });
      }
      update({ ended: true });
    };
    follow().catch((error: unknown) => update({ ended: true, failure: { error } }));
    return () => {
      gone = true;
    };
  }, [snapshots]);
  return live;
}

/** Often enough for seconds with one decimal; each frame costs the machine some milliseconds. */
const TICK_MS = 250;

/** Milliseconds since the snapshots were shown, as time goes on; 0 when nothing more will come. */
export function useSince(snapshot: LiveSnapshot["targets"]): number {
  const [since, setSince] = useState<{ of: LiveSnapshot["targets"]; ms: number }>({
    of: null,
    ms: 0,
  });
  const running = snapshot?.some(({ finished, film }) => !finished && film === undefined) === true;
  useEffect(() => {
    if (!running) return;
    const begun = performance.now();
    const tick = () => setSince({ of: snapshot, ms: performance.now() - begun });
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  }, [running, snapshot]);
  return since.of === snapshot ? since.ms : 0;
}

/** The report of a run that has ended; null before. What makes it is loaded then. */
export function useReport(snapshot: Snapshot | null): Report | null {
  const [report, setReport] = useState<Report | null>(null);
  const finished = snapshot?.finished === true ? snapshot : null;
  useEffect(() => {
    if (finished === null) return;
    import("../src/report/make.ts")
      .then(({ makeReport }) => setReport(makeReport(finished.events)))
      // The screen goes on without it, and whoever runs the trace makes it once more.
      .catch(() => undefined);
  }, [finished]);
  return report;
}
