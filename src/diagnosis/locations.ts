// Which segment an answer came from, and between which two something stopped.

import type { Facts } from "../facts/facts.ts";
import type { Refusal } from "../facts/reach/reach.ts";
import type { SegmentKind } from "../schema/verdict.ts";
import { deviceKind, hopKind, isBehindHost } from "./chain/kinds.ts";

/** `segment` and `between` of a finding. */
export interface Location {
  readonly segment: SegmentKind | null;
  readonly between: [SegmentKind, SegmentKind] | null;
}

/** TTL of the first router that is not the Windows host. */
export function firstRouterTtl(facts: Facts): number {
  return isBehindHost(facts) ? 2 : 1;
}

/** From Windows' own stack to the first thing behind its way out: nobody said which of it. */
export function wholePath({ vpn }: Facts): [SegmentKind, SegmentKind] {
  const inVpn = vpn?.known === true && vpn.inVpn;
  return ["windows-stack", inVpn ? "vpn-gateway" : "lan-gateway"];
}

/** Between two kinds; a single one where they are the same. */
export function between(a: SegmentKind, b: SegmentKind): Location {
  return a === b ? { segment: a, between: null } : { segment: null, between: [a, b] };
}

/** From the hop at that TTL to the next: the last that passes, and the first that does not. */
export function afterHop(facts: Facts, ttl: number): Location {
  const near = ttl <= 0 ? localEnd(facts) : hopKind(facts, ttl);
  const { distance } = facts.reach;
  const isLast = distance !== null && ttl + 1 >= distance;
  return between(near, isLast ? "destination" : hopKind(facts, ttl + 1));
}

/** What this machine is known to have sent out: without kernel events its own rules may be what drops. */
function localEnd(facts: Facts): SegmentKind {
  return facts.path.kernel.flows.some(({ sent }) => sent > 0) ? deviceKind(facts) : "linux-stack";
}

/** Who sent an ICMP error: by its address, else by the TTL from which on it came. */
export function senderLocation(facts: Facts, { from, own, says }: Refusal): Location {
  const known = knownSender(facts, from, own);
  if (known !== null) return { segment: known, between: null };
  const ttls = facts.reach.refusals.flatMap((one) => (one.from === from ? [one.ttl] : []));
  // Nobody behind the last router that showed its address did so before: it is the next one.
  const nearest = Math.min(...ttls, (facts.reach.farthest?.ttl ?? 0) + 1);
  const here = hopKind(facts, nearest);
  // A route is looked up as soon as a packet arrives. A rule of forwarding is asked after the TTL,
  // so that at its own TTL its router says that the time is exceeded.
  if (says !== "prohibited" || nearest <= 1) return { segment: here, between: null };
  return between(hopKind(facts, nearest - 1), here);
}

function knownSender(facts: Facts, from: string, own: boolean): SegmentKind | null {
  if (own) return "linux-stack";
  if (from === facts.path.resolverPath?.server) return "resolver";
  if (from === facts.reach.address) return "destination";
  const router = facts.reach.routers.find((one) => one.from === from);
  if (router !== undefined) return hopKind(facts, router.ttl);
  const { lookup } = facts;
  const gateway = lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
  return gateway === from ? hopKind(facts, 1) : null;
}
