// The request of `wsl-trace path`, and its dependencies.

import type { Snapshot } from "../model/snapshot.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import type { Sink } from "./sink.ts";

export interface PathRequest {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  /** --record. */
  readonly recordFile: string | null;
  /** --report. */
  readonly reportFile: string | null;
}

export interface PathDeps {
  trace(
    target: Target,
    options: RunOptions,
    record: (event: ProbeEvent) => void,
  ): AsyncIterable<Snapshot>;
  /** Draws the run on the terminal; null where there is none to draw on. */
  readonly show: ((snapshots: AsyncIterable<Snapshot>) => Promise<void>) | null;
  /** A file that only its owner can read. */
  openFile(path: string): Sink;
  print(text: string): void;
}
