// What this kernel reported, laid over the distro's own two segments: its stack and its interface.

import type { Facts } from "../../facts/facts.ts";
import {
  attemptDrops,
  type Drop,
  directionOf,
  formatDrop,
  isWatched,
  ownDrops,
} from "../../facts/kernel/own-packets.ts";
import type { Attempt } from "../../model/connections.ts";
import type { Seen } from "../../model/seen.ts";
import type { KernelFlow } from "../../schema/events/kernel.ts";
import type { Segment, SegmentStatus } from "../../schema/verdict.ts";
import { deviceKind } from "./kinds.ts";

export function applyKernel(facts: Facts, chain: readonly Segment[]): readonly Segment[] {
  const { path, attempt } = facts;
  if (attempt === undefined || !isWatched(path)) return chain;
  const flow = path.kernel.flows.find((seen) => seen.attempt === attempt.attempt);
  const seen = path.kernel.probes.filter(
    ({ of }) => of.by === "attempt" && of.attempt === attempt.attempt,
  );
  const stopping = isFailing(attempt) ? attemptDrops(path, attempt.attempt) : [];
  const reportedTooBig = ownDrops(path).filter(({ reason }) => reason === "PKT_TOO_BIG");
  return chain.map((segment) => {
    if (segment.kind === "linux-stack") {
      const followed = withEvidence(withFlow(facts, segment, flow), seen);
      return withPacketTooBig(withDrops(followed, stopping), reportedTooBig);
    }
    if (segment.kind !== deviceKind(facts)) return segment;
    return withEvidence(withFlow(facts, segment, flow), seen);
  });
}

function isFailing({ stages }: Attempt): boolean {
  const kind = stages.at(-1)?.result.kind;
  return kind === "failed" || kind === "no-reply";
}

/** What an interface saw go by has been through the stack. */
function withFlow({ path }: Facts, segment: Segment, flow: Seen<KernelFlow> | undefined): Segment {
  if (flow === undefined) return segment;
  const outbound = flow.sent > 0 ? settled(segment.outbound) : segment.outbound;
  const inbound = flow.received > 0 ? settled(segment.inbound) : segment.inbound;
  const silent = flow.sent > 0 && inbound === "unknown" && path.kernel.ended?.lost === 0;
  const device = flow.interface ?? "the interface";
  const reported = `${device} sent ${flow.sent} packets of the connection, and received none`;
  const open = outbound === "unknown" || inbound === "unknown";
  const reason = silent ? reported : open ? segment.reason : null;
  return { ...segment, outbound, inbound, reason, evidence: merged(segment, [flow]) };
}

function settled(status: SegmentStatus): SegmentStatus {
  return status === "unknown" ? "ok" : status;
}

function withDrops(segment: Segment, drops: readonly Drop[]): Segment {
  const [first] = drops;
  if (first === undefined) return segment;
  const direction = directionOf(drops);
  return {
    ...segment,
    outbound: direction === "inbound" ? segment.outbound : "broken",
    inbound: direction === "outbound" ? segment.inbound : "broken",
    reason: `drops packets of the connection: ${formatDrop(first)}`,
    evidence: merged(segment, drops),
  };
}

function withPacketTooBig(segment: Segment, drops: readonly Drop[]): Segment {
  if (drops.length === 0 || segment.outbound !== "ok") return segment;
  return { ...segment, outbound: "limited", evidence: merged(segment, drops) };
}

/** Where the connection was seen on its way. */
function withEvidence(segment: Segment, seen: readonly { readonly id: string }[]): Segment {
  return { ...segment, evidence: merged(segment, seen) };
}

function merged(segment: Segment, seen: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set([...segment.evidence, ...seen.map(({ id }) => id)])];
}
