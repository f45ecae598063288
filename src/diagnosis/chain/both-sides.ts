// What probes from both sides show of the host's segments, where this side's own probes show nothing.

import type { Facts } from "../../facts/facts.ts";
import { isCutOff, isTunnelDead } from "../../facts/reach/both-vantages.ts";
import type { Observation } from "../../facts/reach/host-probes.ts";
import type { Segment, SegmentKind, SegmentStatus } from "../../schema/verdict.ts";

type Change = Pick<Segment, "outbound" | "inbound" | "reason" | "evidence">;
type Changes = Partial<Record<SegmentKind, Change>>;

/** Only what is still unknown changes: what this side saw itself comes first. */
export function applyHost(facts: Facts, chain: readonly Segment[]): readonly Segment[] {
  if (facts.distroTunnel !== null) return chain;
  if (facts.relation?.kind !== "nat" && facts.relation?.kind !== "same-host") return chain;
  const changes = changesOf(facts);
  return chain.map((segment) => {
    const change = changes[segment.kind];
    if (change === undefined || segment.outbound !== "unknown") return segment;
    return {
      ...segment,
      ...change,
      evidence: [...new Set([...segment.evidence, ...change.evidence])],
    };
  });
}

/** Later ones replace earlier ones. */
function changesOf(facts: Facts): Changes {
  const { guest, host } = facts;
  const { target, firstRouter, endpoint, tunnel } = host;
  return {
    ...(guest.near.state === "yes" ? all(["vswitch"], status("ok", "ok", guest.near)) : {}),
    ...(target.state === "yes" && target.fresh ? all(OUTSIDE, status("ok", "ok", target)) : {}),
    ...(firstRouter.state === "yes" ? all(NEAR_OUTSIDE, status("ok", "ok", firstRouter)) : {}),
    ...(firstRouter.state === "no"
      ? all(["lan-gateway"], status("broken", "broken", firstRouter))
      : {}),
    ...(endpoint.state === "yes" ? all(NEAR_OUTSIDE, status("ok", "ok", endpoint)) : {}),
    ...(isTunnelDead(facts.path)
      ? all(["vpn-adapter"], status("broken", "unknown", tunnel.state === "no" ? tunnel : endpoint))
      : {}),
    ...(isCutOff(facts.path) && isSent(facts) && target.state === "yes"
      ? insideWindows(guest.beyond, target)
      : {}),
  };
}

/** Without a route nothing leaves the distro, and Windows loses nothing of it. */
function isSent({ lookup }: Facts): boolean {
  return lookup === undefined || lookup.outcome.kind === "route";
}

const NEAR_OUTSIDE = ["physical-nic", "lan-gateway"] as const;
const OUTSIDE = [...NEAR_OUTSIDE, "vpn-adapter", "vpn-gateway", "destination"] as const;

function all(kinds: readonly SegmentKind[], change: Change): Changes {
  return Object.fromEntries(kinds.map((kind) => [kind, change]));
}

function status(outbound: SegmentStatus, inbound: SegmentStatus, observed: Observation): Change {
  const { reason: because, evidence } = observed;
  return { outbound, inbound, reason: outbound === "ok" ? null : because, evidence };
}

/** Windows' own packets pass and the distro's do not: they are lost where only the latter go. */
function insideWindows(unanswered: Observation, target: Observation): Changes {
  const evidence = [...unanswered.evidence, ...target.evidence];
  const reason = `${target.reason}; what the distro sends there is lost inside Windows`;
  return {
    "windows-stack": { outbound: "broken", inbound: "unknown", reason, evidence },
    nat: { outbound: "unknown", inbound: "unknown", reason, evidence },
  };
}
