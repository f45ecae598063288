// The size limits laid over the chain: at their owner where it is known, else over the interval.

import type { Facts } from "../../facts/facts.ts";
import { ownerOf } from "../../facts/size/limit-owner.ts";
import type { PmtuEstimate, Segment, SegmentStatus } from "../../schema/verdict.ts";
import { hasSilentLimit, inboundLimit } from "../needs/sizes.ts";
import { deviceKind } from "./kinds.ts";

type TowardsSegment = "outbound" | "inbound";

export function applyLimits(facts: Facts, chain: readonly Segment[]): readonly Segment[] {
  return applyInbound(facts, applyOutbound(facts, chain));
}

function applyInbound(facts: Facts, chain: readonly Segment[]): readonly Segment[] {
  const { estimate, evidence } = facts.inbound;
  const link = chain.find(({ kind }) => kind === deviceKind(facts))?.mtu ?? null;
  if (inboundLimit(facts).kind === "met") {
    return atOwner(facts, chain, "inbound", estimate, "blackhole", evidence);
  }
  // Smaller than the link MTU, and it was received: a limit only if an adapter's MTU explains it.
  const limited = estimate.bytes !== null && link !== null && estimate.bytes < link;
  const reported = { ...estimate, exact: true };
  if (limited && ownerOf(facts.path, reported).kind === "vpn") {
    return atOwner(facts, chain, "inbound", reported, "limited", evidence);
  }
  return chain;
}

function applyOutbound(facts: Facts, chain: readonly Segment[]): readonly Segment[] {
  const { estimate, evidence, limitReportedBy } = facts.outbound;
  if (hasSilentLimit(facts)) {
    return atOwner(facts, chain, "outbound", estimate, "blackhole", evidence);
  }
  if (estimate.basis !== "icmp" || estimate.below === null) return chain;
  if (ownerOf(facts.path, estimate).kind === "vpn") {
    return atOwner(facts, chain, "outbound", estimate, "limited", evidence);
  }
  const sender = chain.find(({ address }) => address !== null && address === limitReportedBy);
  return chain.map((segment) =>
    segment === sender ? { ...segment, outbound: "limited" as const } : segment,
  );
}

function atOwner(
  facts: Facts,
  chain: readonly Segment[],
  towards: TowardsSegment,
  estimate: PmtuEstimate,
  status: SegmentStatus,
  evidence: readonly string[],
): readonly Segment[] {
  if (ownerOf(facts.path, estimate).kind === "vpn") {
    return chain.map((segment) =>
      segment.kind === "vpn-adapter"
        ? withStatus(segment, towards, status, segment.reason, evidence)
        : segment,
    );
  }
  const reason = `packets above ${estimate.atLeast ?? "some"} bytes are lost ${towards} somewhere between here and the target`;
  const after = chain.findIndex(({ kind }) => kind === deviceKind(facts));
  return chain.map((segment, n) => {
    const inside = n > after && segment[towards] === "ok" && segment.kind !== "destination";
    return inside ? withStatus(segment, towards, "unknown", reason, []) : segment;
  });
}

function withStatus(
  segment: Segment,
  towards: TowardsSegment,
  status: SegmentStatus,
  reason: string | null,
  evidence: readonly string[],
): Segment {
  const merged = [...new Set([...segment.evidence, ...evidence])];
  return { ...segment, [towards]: status, reason, evidence: merged };
}
