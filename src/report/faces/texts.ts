// What a report as a file says besides its data: headings and labels, as one interface. A language is one object of it.

import type { TraceResult, TraceStep } from "../../schema/trace-step.ts";
import type { SegmentStatus, Severity, Stage, Verdict } from "../../schema/verdict.ts";
import type { Lasting } from "../words/lasts.ts";

export interface FaceTexts {
  /** As BCP 47 has it. */
  readonly language: string;
  readonly title: string;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly headings: {
    readonly verdict: string;
    readonly fix: string;
    readonly windowsVersion: string;
    readonly wslVersion: string;
    readonly wslKind: string;
    readonly kernel: string;
    readonly distribution: string;
    readonly software: string;
    readonly repro: string;
    readonly expected: string;
    readonly actual: string;
    readonly diagnostics: string;
    readonly trace: string;
    readonly chain: string;
    readonly stages: string;
    readonly sizes: string;
    readonly hops: string;
    readonly findings: string;
    readonly notChecked: string;
    readonly notObservable: string;
    readonly watched: string;
    readonly events: string;
  };
  readonly labels: {
    readonly cause: string;
    readonly place: string;
    readonly direction: string;
    readonly confidence: string;
    readonly fix: string;
    readonly mendedBy: string;
    readonly target: string;
    readonly vantage: string;
    readonly tried: string;
    readonly cameBack: string;
    readonly proves: string;
    readonly rulesOut: string;
    readonly evidence: string;
    readonly check: string;
    readonly now: string;
    readonly afterwards: string;
    readonly outbound: string;
    readonly inbound: string;
    readonly segment: string;
    readonly name: string;
    readonly address: string;
    readonly mtu: string;
    readonly ttl: string;
    readonly rtt: string;
    readonly loss: string;
    readonly status: string;
    readonly stage: string;
    readonly took: string;
    readonly detail: string;
    readonly notRead: string;
    readonly none: string;
    readonly faultHere: string;
    /** Where the evidence only brackets it. */
    readonly faultFrom: string;
    readonly faultTo: string;
    readonly startedAt: string;
    readonly packets: string;
    readonly toTop: string;
    readonly inferred: string;
    readonly also: string;
    readonly table: string;
    readonly bytes: string;
    readonly time: string;
    readonly change: string;
    readonly before: string;
    readonly after: string;
    readonly last: string;
    readonly best: string;
    readonly mean: string;
    readonly worst: string;
    readonly deviation: string;
    readonly jitter: string;
  };
  readonly steps: Readonly<Record<TraceStep["kind"], string>>;
  readonly results: Readonly<Record<TraceResult, string>>;
  readonly statuses: Readonly<Record<SegmentStatus, string>>;
  readonly stageStatuses: Readonly<Record<Stage["status"], string>>;
  /** What became of a size that was tried. */
  readonly rungs: Readonly<Record<"passed" | "told" | "lost", string>>;
  readonly severities: Readonly<Record<Severity, string>>;
  /** Where the commands of a fix are typed, and how long it lasts. */
  readonly shells: Readonly<Record<"linux" | "windows" | "windows-admin", string>>;
  readonly lasts: Readonly<Record<Lasting, string>>;
  /** @param large whether the fault is one of sizes */
  expectation(target: string, large: boolean): string;
  more(count: number): string;
  /** What continuous mode did. @param lasted with its unit */
  rounds(values: { rounds: number; lasted: string; packets: number; leftOut: number }): string;
  shortened(limit: number): string;
  /** `kinds` of what stands for something else; null where real names are shown. */
  redaction(kinds: readonly string[] | null): string;
  readonly replayHint: string;
  bytes(values: { atLeast: number | null; below: number | null; silent: boolean }): string;
}
