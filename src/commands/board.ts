// What the screen shows of all targets: the newest snapshot of each, in the order in which they were typed.

import { createLatestValueChannel } from "../latest-value-channel.ts";
import { EMPTY_PATH } from "../model/path.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Target } from "../schema/events/run.ts";
import type { PmtuEstimate } from "../schema/verdict.ts";
import type { PathDeps } from "./path-request.ts";

export interface Board {
  show(target: Target, snapshot: Snapshot): void;
  /** Aborted when whoever looked has left; never where nobody can look. */
  readonly left: AbortSignal;
  /** Nothing more comes; settles when the screen is gone. @throws what it failed with */
  end(error?: unknown): Promise<void>;
}

export function openBoard(targets: readonly Target[], { show }: Pick<PathDeps, "show">): Board {
  const channel = createLatestValueChannel<readonly Snapshot[]>();
  const rows = new Map<Target, Snapshot>(targets.map((target) => [target, waiting(target)]));
  const left = new AbortController();
  const shown = show?.(channel.values);
  // Its error is thrown where it is awaited.
  shown?.catch(() => undefined).finally(() => left.abort(new Error("left")));
  if (targets.length > 1) channel.push([...rows.values()]);
  return {
    show: (target, snapshot) => {
      rows.set(target, snapshot);
      channel.push([...rows.values()]);
    },
    left: left.signal,
    end: async (error) => {
      channel.end(error);
      // The error is the run's, and the screen only passes it on.
      await (error === undefined ? shown : shown?.catch(() => undefined));
    },
  };
}

const UNKNOWN: PmtuEstimate = {
  bytes: null,
  exact: false,
  atLeast: null,
  below: null,
  silent: false,
  basis: "unknown",
  reason: null,
};

/** A target whose turn has not come. */
function waiting(target: Target): Snapshot {
  return {
    target,
    address: null,
    vantage: null,
    diagnosis: {
      verdict: "inconclusive",
      reason: "",
      chain: [],
      stages: [],
      pmtu: { outbound: UNKNOWN, inbound: UNKNOWN },
      findings: [],
      notChecked: [],
    },
    kernel: null,
    activity: "waiting for its turn",
    awaitedUntilMs: null,
    finished: false,
    elapsedMs: 0,
    packetsSent: 0,
    waiting: null,
    path: EMPTY_PATH,
    events: [],
  };
}
