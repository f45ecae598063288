// Everything that follows from a Path, as data; `src/report/diagnosis.ts` makes the published form of it.

import type { Diagnosis, Finding, Fix, Segment } from "../schema/verdict.ts";
import type { Grade } from "./confidence.ts";
import type { Words } from "./words.ts";

export interface FixData extends Omit<Fix, "title"> {
  readonly title: Words;
}

export interface RuledOutData {
  readonly cause: string;
  readonly because: Words;
  readonly evidence: readonly string[];
}

export interface NotCheckedData {
  readonly cause: string;
  readonly reason: Words;
}

export interface FindingData extends Omit<Finding, "summary" | "ruledOut" | "fixes"> {
  readonly grade: Grade;
  readonly summary: Words;
  readonly ruledOut: readonly RuledOutData[];
  readonly fixes: readonly FixData[];
}

export interface SegmentData extends Omit<Segment, "reason"> {
  /** Why a direction is unknown or silent, or the finding that breaks it. */
  readonly reason: string | null | Pick<FindingData, "cause" | "summary">;
}

export interface DiagnosisData extends Omit<Diagnosis, "chain" | "findings" | "notChecked"> {
  readonly chain: readonly SegmentData[];
  /** The root cause first. */
  readonly findings: readonly FindingData[];
  readonly notChecked: readonly NotCheckedData[];
}
