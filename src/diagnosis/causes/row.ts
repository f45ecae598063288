// What holds for a cause in every run; what was measured is in the finding itself.

import type { Direction, SegmentKind, Severity } from "../../schema/verdict.ts";

export interface CauseRow {
  /** One line, as `wsl-trace explain` lists it. */
  readonly title: string;
  /** Null where it depends on the run, or where the evidence gives a range at best. */
  readonly segment: SegmentKind | null;
  /** When nothing else is known; a rule may raise a warning that stops the default attempt. */
  readonly severity: Severity;
  readonly direction: Direction | null;
  /** Ids of causes whose presence makes this one a consequence, which is then not listed as a fault. */
  readonly dependsOn: readonly string[];
}
