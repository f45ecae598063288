// The path, mtu and dns commands as the user typed them.

import type { RunOptions, Target } from "../schema/events/run.ts";
import type { KernelChoice } from "./readers.ts";

/** The options of `path`, read and checked. */
export interface PathCommand {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly once: boolean;
  readonly recordFile: string | null;
  readonly reportFile: string | null;
  /** A file, "none", or null when nothing was given. */
  readonly hostSnapshot: string | null;
  readonly caFile: string | null;
  readonly kernel: KernelChoice;
  /** The network namespace of --netns; null: this one. */
  readonly netns: string | null;
  /** The scenario of --lab. */
  readonly lab: string | null;
  readonly targetsAsTyped: readonly string[];
  /** The options as typed, without --lab, for a run inside one. */
  readonly optionsAsTyped: readonly string[];
}
