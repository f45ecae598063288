// Everything that follows from a Path, as data; `src/report/diagnosis.ts` makes the published form of it.

import type { Diagnosis, Finding } from "../schema/verdict.ts";
import type { Grade } from "./confidence.ts";

export interface FindingData extends Finding {
  readonly grade: Grade;
}

export interface DiagnosisData extends Omit<Diagnosis, "findings"> {
  /** The root cause first. */
  readonly findings: readonly FindingData[];
}
