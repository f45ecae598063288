// The Diagnosis of a Path as it is published, drawn and printed: its data, written out.

import { diagnose } from "../diagnosis/diagnose.ts";
import type { FindingData, SegmentData } from "../diagnosis/diagnosis.ts";
import type { Path } from "../model/path.ts";
import type { Diagnosis, Finding, Segment } from "../schema/verdict.ts";
import { writtenOut } from "./words/words.ts";

export function diagnosisOf(path: Path): Diagnosis {
  const { chain, findings, notChecked, ...rest } = diagnose(path);
  return {
    ...rest,
    chain: chain.map(segmentOf),
    findings: findings.map(findingOf),
    notChecked: notChecked.map(({ cause, reason }) => ({
      cause,
      reason: writtenOut(cause, reason),
    })),
  };
}

function segmentOf({ reason, ...segment }: SegmentData): Segment {
  const isFinding = reason !== null && typeof reason !== "string";
  return { ...segment, reason: isFinding ? writtenOut(reason.cause, reason.summary) : reason };
}

/** The report has the number of a confidence alone. */
function findingOf({ grade: _, summary, ruledOut, fixes, ...finding }: FindingData): Finding {
  const { cause } = finding;
  return {
    ...finding,
    summary: writtenOut(cause, summary),
    ruledOut: ruledOut.map((one) => ({ ...one, because: writtenOut(one.cause, one.because) })),
    fixes: fixes.map((fix) => ({ ...fix, title: writtenOut(cause, fix.title) })),
  };
}
