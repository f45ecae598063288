// The Diagnosis of a Path as it is published, drawn and printed: its data, written out.

import { diagnose } from "../diagnosis/diagnose.ts";
import type { FindingData } from "../diagnosis/diagnosis.ts";
import type { Path } from "../model/path.ts";
import type { Diagnosis, Finding } from "../schema/verdict.ts";

export function diagnosisOf(path: Path): Diagnosis {
  const { findings, ...rest } = diagnose(path);
  return { ...rest, findings: findings.map(published) };
}

/** The report has the number alone. */
function published({ grade: _, ...finding }: FindingData): Finding {
  return finding;
}
