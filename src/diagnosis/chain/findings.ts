// What the findings show of single segments, laid over a chain that was drawn from answers alone.

import { isLoss, measuredLoss } from "../../facts/loss/loss-measurement.ts";
import type { Path } from "../../model/path.ts";
import type { Segment } from "../../schema/verdict.ts";
import type { FindingData, SegmentData } from "../diagnosis.ts";

/** Loss from the hop on at which it begins; "broken" where a fault was found and nothing else is known. */
export function markFindings(
  path: Path,
  chain: readonly Segment[],
  findings: readonly FindingData[],
): readonly SegmentData[] {
  const lossy: readonly SegmentData[] = findings.some(({ cause }) => cause === "path-loss")
    ? markLoss(path, chain)
    : chain;
  return findings
    .filter(({ severity, cause }) => severity === "fault" && cause !== "path-loss")
    .reduce(markBroken, lossy);
}

function markLoss(path: Path, chain: readonly Segment[]): readonly Segment[] {
  const measured = measuredLoss(path);
  if (measured === null || measured.start === null || !isLoss(measured)) return chain;
  const from = measured.start.toTtl;
  const reason = `${measured.lost} of ${measured.sent} connection requests are lost from here on`;
  return chain.map((segment) => {
    const { ttl, outbound, inbound } = segment;
    const isBehind = (ttl !== null && ttl >= from) || segment.kind === "destination";
    if (!isBehind || outbound !== "ok" || inbound !== "ok") return segment;
    return { ...segment, outbound: "lossy" as const, inbound: "lossy" as const, reason };
  });
}

function markBroken(
  chain: readonly SegmentData[],
  { cause, segment, direction, summary, evidence }: FindingData,
): readonly SegmentData[] {
  const candidates = chain.filter(({ kind }) => kind === segment);
  const [only] = candidates;
  const reported = candidates.find((one) => one.evidence.some((id) => evidence.includes(id)));
  const chosen = reported ?? (candidates.length === 1 ? only : undefined);
  if (chosen === undefined) return chain;
  const unknown = (["outbound", "inbound"] as const).filter(
    (towards) =>
      (direction === towards || direction === "both" || direction === null) &&
      chosen[towards] === "unknown",
  );
  if (unknown.length === 0) return chain;
  const broken = Object.fromEntries(unknown.map((towards) => [towards, "broken" as const]));
  return chain.map((one) =>
    one === chosen ? { ...one, ...broken, reason: { cause, summary } } : one,
  );
}
