// The way leads up to the target, and the target gives no sign of life.

import { tracedLookup } from "../../facts/connection/subject.ts";
import type { ReachFacts } from "../../facts/reach/reach.ts";
import { reachedByHost } from "../both-vantages.ts";
import { hopKind } from "../chain/kinds.ts";
import { between, firstRouterTtl, isUserModeNat } from "../locations.ts";
import { hasNeighbours, pathServesOthers, reportedAtOnce } from "../reaching.ts";
import { type Facts, fires, notChecked, type Outcome, type Rule, rejected } from "../rule.ts";

export const destinationDown: Rule = {
  cause: "destination-down",
  differentialCauses: [
    "port-filtered",
    "upstream-unreachable",
    "gateway-unreachable",
    "routing-loop",
  ],
  judge: (facts) => {
    const { reach } = facts;
    if (reach.connect === "none") return notChecked("no connection was tried");
    if (reach.connect === "passed" || reach.connect === "refused") {
      return rejected("the target answers connection requests", connectOf(reach));
    }
    if (reach.alive !== null) return rejected("the target itself answers", [reach.alive.id]);
    const host = reachedByHost(facts);
    if (host !== null) return rejected(host.reason, host.evidence);
    if (isUserModeNat(facts)) return notChecked("a user-mode NAT forwards neither TTL nor ICMP");
    return byLastRouter(facts) ?? byOwnLink(facts) ?? bySilence(facts);
  },
};

/** The router on the target's own link has asked for it there, and nobody spoke up. */
function byLastRouter(facts: Facts): Outcome | undefined {
  const { reach } = facts;
  const reported = reach.refusals.find(
    (refusal) => refusal.says === "host" && !refusal.own && !reportedAtOnce(reach, refusal),
  );
  if (reported === undefined) return undefined;
  const others = pathServesOthers(facts);
  return fires({
    confidence: others === null ? 0.8 : 0.92,
    ...AT_TARGET,
    summary: `${reported.from} says, after asking for it in vain, that ${reach.address} cannot be reached: no answer to ARP or neighbour discovery behind it`,
    evidence: [reported.id, ...connectOf(reach), ...(others?.evidence ?? [])],
  });
}

const AT_TARGET = { segment: "destination", between: null, direction: null, fixes: [] } as const;

function byOwnLink(facts: Facts): Outcome | undefined {
  const { path, reach } = facts;
  const lookup = tracedLookup(path);
  if (lookup?.outcome.kind !== "route" || lookup.outcome.gateway !== null) return undefined;
  const own = reach.refusals.find((refusal) => refusal.own && refusal.says === "host");
  if (own === undefined && reach.connect !== "unreachable") return undefined;
  if (!hasNeighbours(facts))
    return notChecked("the target is behind a tunnel, which has no routers");
  return fires({
    confidence: 0.85,
    ...AT_TARGET,
    summary: `${reach.address} is on the link of ${lookup.outcome.interface} itself, and answers no ARP or neighbour discovery there`,
    evidence: [lookup.id, ...(own === undefined ? [] : [own.id]), ...connectOf(reach)],
  });
}

/** How far the last answering router is from the target nobody can say, so the place is a bracket. */
function bySilence(facts: Facts): Outcome {
  const { reach } = facts;
  const { farthest, refusals } = reach;
  if (reach.connect !== "silent" || refusals.length > 0) {
    return rejected(
      "somebody else says why it goes no further",
      refusals.slice(0, 1).map(({ id }) => id),
    );
  }
  if (farthest === null) return notChecked("no router answers, so nothing leads up to the target");
  const first = firstRouterTtl(facts);
  const others = pathServesOthers(facts);
  if (farthest.ttl < first || (farthest.ttl === first && others === null)) {
    return rejected(`no router behind hop ${farthest.ttl} answers`, [farthest.id]);
  }
  return fires({
    confidence: 0.5,
    ...AT_TARGET,
    ...between(hopKind(facts, farthest.ttl), "destination"),
    summary: `${farthest.from} at hop ${farthest.ttl} answers, and nothing behind it: ${reach.address} is down or drops everything, or so does a router in front of it`,
    evidence: [farthest.id, ...connectOf(reach), ...(others?.evidence ?? [])],
  });
}

function connectOf({ connectId }: ReachFacts): readonly string[] {
  return connectId === null ? [] : [connectId];
}
