// Owns the subscription to a run's snapshots: the latest one, and whether more will come.

import { useEffect, useState } from "react";
import type { Snapshot } from "../src/model/snapshot.ts";

export interface LiveSnapshot {
  /** Null before the first one. */
  readonly snapshot: Snapshot | null;
  readonly ended: boolean;
  /** What the run threw, wrapped so that even `undefined` counts; null when it threw nothing. */
  readonly failure: { readonly error: unknown } | null;
}

/** Follows the run until it ends or the screen is gone. */
export function useSnapshot(snapshots: AsyncIterable<Snapshot>): LiveSnapshot {
  const [live, setLive] = useState<LiveSnapshot>({ snapshot: null, ended: false, failure: null });
  useEffect(() => {
    let gone = false;
    const update = (change: Partial<LiveSnapshot>) => {
      if (!gone) {
        setLive((before) => ({ ...before, ...change }));
      }
    };
    const follow = async () => {
      for await (const snapshot of snapshots) {
        if (gone) {
          return;
        }
        update({ snapshot });
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
