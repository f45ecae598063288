// What a screen shows at one moment of a run: the diagnosis so far and how far the run is.

import type { ProbeEvent } from "../schema/event.ts";
import type { DnsReply } from "../schema/events/dns-replies.ts";
import type { Target } from "../schema/events/run.ts";
import type { KernelReport } from "../schema/kernel-report.ts";
import type { ServiceReport } from "../schema/service-report.ts";
import type { Diagnosis, Stage } from "../schema/verdict.ts";
import type { Film } from "./film.ts";
import type { Path } from "./path.ts";
import type { Watch } from "./watch.ts";

/** A part of a run that takes time, in milliseconds of the run. */
export interface Work {
  /** Of the plan. */
  readonly step: string;
  readonly what: string;
  readonly sinceMs: number;
  /** Null while it goes on. */
  readonly untilMs: number | null;
}

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
  /** Until when it is waited whether a hang recovers whose cause is known, in milliseconds of the run; null where it is not. */
  readonly awaitedUntilMs: number | null;
  /** Of a service of this distro; absent, as null: the run is about something else. */
  readonly service?: ServiceReport | null;
  /** Queries whose answers are waited for; absent: none are, or nobody looked. */
  readonly openQueries?: readonly DnsReply[];
  /** What the run has begun, in its order; absent: nobody saw it, as of a recording. */
  readonly work?: readonly Work[];
  readonly finished: boolean;
  readonly elapsedMs: number;
  readonly packetsSent: number;
  /** The stage that the default attempt waits for, since so many milliseconds after the run began; null: none. */
  readonly waiting: { readonly stage: Stage["stage"]; readonly sinceMs: number } | null;
  /** What all of it follows from. */
  readonly path: Path;
  /** The run's events so far, in order. */
  readonly events: readonly ProbeEvent[];
  /** Continuous mode, once the first verdict is there; absent without. */
  readonly watch?: Watch;
  /** Where a recording is that is played; absent: this is no recording. */
  readonly film?: Film;
}
