// The first router answers and nothing beyond it does, or a router reports that it has no route.

import { stageOf } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { reachedByHost } from "../../../facts/reach/both-vantages.ts";
import { pathServesOthers, reportedAtOnce } from "../../../facts/reach/next-hop.ts";
import type { Refusal } from "../../../facts/reach/reach.ts";
import { addressOf, isPrivate } from "../../../host/address.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { exact, inferred } from "../../confidence.ts";
import { between, firstRouterTtl, senderLocation } from "../../locations.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";
import { HOST_SIDE, OWN_STACK, WRONG_ADDRESS, WRONG_ROUTE } from "../groups.ts";

export const upstreamUnreachable = cause({
  id: "upstream-unreachable",
  area: "reach",
  title: "The first router answers, and nothing beyond it is reachable",
  // lan-gateway or internet-hop: whichever answers last.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "no-default-route",
    "gateway-unreachable",
    "ecmp-branch-broken",
    "routing-loop",
    "admin-prohibited",
    ...WRONG_ADDRESS,
    // A filter that drops the connection's packets drops the routers' answers with them.
    ...OWN_STACK,
    ...WRONG_ROUTE,
    ...HOST_SIDE,
  ],
  ofNameServers: true,
  differentialCauses: ["gateway-unreachable", "destination-down", "routing-loop", "port-filtered"],
  needs: ["reach"],
  judge: (facts, { reach }) => {
    if (reach.connect === "passed" || reach.connect === "refused") {
      return rejected("the target is reached", reach.connectId === null ? [] : [reach.connectId]);
    }
    if (reach.alive !== null) return rejected("the target itself answers", [reach.alive.id]);
    const host = reachedByHost(facts.path);
    if (host !== null) return rejected(host.reason, host.evidence);
    const forwarded = meet(facts, "forwardedTtl");
    if (forwarded.kind !== "met") return forwarded;
    const reported = reach.refusals.find(
      (refusal) => !refusal.own && (refusal.says === "network" || reportedAtOnce(reach, refusal)),
    );
    if (reported !== undefined) return formatWitness(facts, reported);
    return byCode(facts) ?? bySilence(facts);
  },
});

/** The sender is not known: routers send such an error once a second at most, and the connection got it. */
const UNSIGNED = inferred(0.5);

/** The connection failed at once with network unreachable, and this machine has a route. */
function byCode(facts: Facts): Outcome | null {
  const { reach, attempt } = facts;
  const connect = stageOf(attempt, "connect")?.result;
  const lookup = facts.lookup?.outcome;
  const hasRoute = lookup?.kind === "route" && lookup.gateway !== null;
  const reported = connect?.kind === "failed" && connect.code === "ENETUNREACH";
  if (!reported || !hasRoute || reach.refusals.length > 0) return null;
  const last = reach.farthest;
  return fires({
    confidence: UNSIGNED,
    ...between(last === null ? "linux-nic" : hopKind(facts, last.ttl), "internet-hop"),
    direction: "outbound",
    summary: `a router on the path reports that it has no route to ${reach.address}: the connection ends at once with ENETUNREACH; the error does not show which router`,
    evidence: [...(reach.connectId === null ? [] : [reach.connectId]), ...(last ? [last.id] : [])],
    fixes: [],
  });
}

function formatWitness(facts: Facts, reported: Refusal): Outcome {
  const location = senderLocation(facts, reported);
  if (location.segment === "windows-stack") {
    return notChecked("the Windows host itself reports that it has no route");
  }
  const address = addressOf(facts.reach.address ?? "");
  // A router rightly has no route to a name server of another network.
  if (facts.path.resolverPath !== null && address !== null && isPrivate(address)) {
    return notChecked(`the name server ${facts.reach.address} may be one of another network`);
  }
  return fires({
    confidence: reported.says === "network" ? exact(0.92) : inferred(0.75),
    ...location,
    direction: "outbound",
    summary: `${reported.from} answers, and reports at once that it has no route to ${facts.reach.address} (ICMP type ${reported.type} code ${reported.code})`,
    evidence: [reported.id],
    fixes: [],
  });
}

/** TTLs beyond the last answer that must have been probed: one silent hop is not the end. */
const SILENT_TTLS = 4;

function bySilence(facts: Facts): Outcome {
  const { farthest, refusals, connect, asked, address, connectId } = facts.reach;
  if (connect !== "silent" || refusals.length > 0) {
    return rejected(
      "a host reports why packets go no further",
      refusals.slice(0, 1).map(({ id }) => id),
    );
  }
  const first = firstRouterTtl(facts);
  if (farthest === null) return notChecked("no router answers, not even the first one");
  if (farthest.ttl < first) {
    return notChecked("only the Windows host answers: whether it forwards has to be known first");
  }
  if (farthest.ttl > first) {
    return rejected(`routers answer up to hop ${farthest.ttl}`, [farthest.id]);
  }
  if (facts.path.resolverPath !== null) {
    return notChecked("the name server itself may be what is silent beyond the first router");
  }
  if (asked < farthest.ttl + SILENT_TTLS) return notChecked("too few hops beyond it were probed");
  const others = pathServesOthers(facts.path, facts.lookup);
  if (others !== null) {
    return rejected(`${others.server} beyond the same gateway answers`, others.evidence);
  }
  return fires({
    confidence: inferred(0.6),
    // It, or the next one: a router that drops everything is as silent as none.
    ...between(hopKind(facts, farthest.ttl), "internet-hop"),
    direction: null,
    summary: `the first router ${farthest.from} answers, and nothing beyond it on the path to ${address}`,
    evidence: [farthest.id, ...(connectId === null ? [] : [connectId])],
    fixes: [],
  });
}
