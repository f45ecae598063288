// What a screen shows at one moment of a run: the diagnosis so far and how far the run is.

import type { Target } from "../schema/events/run.ts";
import type { KernelReport } from "../schema/kernel-report.ts";
import type { Diagnosis } from "../schema/verdict.ts";

export interface Snapshot {
  readonly target: Target;
  /** The address that is traced, null before anything resolved. */
  readonly address: string | null;
  readonly vantage: {
    readonly kind: "wsl1" | "wsl2" | "linux";
    readonly networkingMode: string | null;
    readonly kernel: string;
  } | null;
  readonly diagnosis: Diagnosis;
  /** Where this machine's kernel saw the packets; null where it was not watched, or is not yet over. */
  readonly kernel: KernelReport | null;
  /** What is being done now, in a few words; null when nothing is. */
  readonly activity: string | null;
  readonly finished: boolean;
  readonly elapsedMs: number;
  readonly packetsSent: number;
}
