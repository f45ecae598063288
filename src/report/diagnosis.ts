// The Diagnosis of a Path as it is published, drawn and printed: its data, written out.

import { diagnose } from "../diagnosis/diagnose.ts";
import type { DiagnosisData, FindingData, SegmentData } from "../diagnosis/diagnosis.ts";
import type { Path } from "../model/path.ts";
import type { Diagnosis, Finding, Segment } from "../schema/verdict.ts";
import { writtenOut } from "./words/words.ts";

export { serviceOf } from "./make-service.ts";

export function diagnosisOf(path: Path): Diagnosis {
  return publishedDiagnosis(diagnose(path));
}

/** @param write what a rule says, in the language that is wanted */
export function publishedDiagnosis(
  data: DiagnosisData,
  write: typeof writtenOut = writtenOut,
): Diagnosis {
  const { chain, findings, notChecked, ...rest } = data;
  return {
    ...rest,
    chain: chain.map((segment) => segmentOf(segment, write)),
    findings: findings.map((finding) => findingOf(finding, write)),
    notChecked: notChecked.map(({ cause, reason }) => ({
      cause,
      reason: write(cause, reason),
    })),
  };
}

function segmentOf({ reason, ...segment }: SegmentData, write: typeof writtenOut): Segment {
  const isFinding = reason !== null && typeof reason !== "string";
  return { ...segment, reason: isFinding ? write(reason.cause, reason.summary) : reason };
}

/** The report has the number of a confidence alone. */
function findingOf(
  { grade: _, summary, ruledOut, fixes, ...finding }: FindingData,
  write: typeof writtenOut,
): Finding {
  const { cause } = finding;
  return {
    ...finding,
    summary: write(cause, summary),
    ruledOut: ruledOut.map((one) => ({ ...one, because: write(one.cause, one.because) })),
    fixes: fixes.map((fix) => ({ ...fix, title: write(cause, fix.title) })),
  };
}
