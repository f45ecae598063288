// The first router answers and nothing beyond it does, or a router reports that it has no route.

import { stageOf } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import { counterCheck } from "../../../facts/kernel/counter-check.ts";
import { reachedByHost } from "../../../facts/reach/both-vantages.ts";
import { pathServesOthers, reportedAtOnce } from "../../../facts/reach/next-hop.ts";
import type { Refusal } from "../../../facts/reach/reach.ts";
import { addressOf, isPrivate } from "../../../host/address.ts";
import { cause } from "../../cause.ts";
import { deviceKind, hopKind } from "../../chain/kinds.ts";
import { between, firstRouterTtl, senderLocation } from "../../locations.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say, sayNeed } from "../../words.ts";
import { DEAD_PROXY, PATH_ENDS_BEFORE } from "../groups.ts";

export const upstreamUnreachable = cause({
  id: "upstream-unreachable",
  area: "reach",
  title: "The first router answers, and nothing beyond it is reachable",
  // lan-gateway or internet-hop: whichever answers last.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [...DEAD_PROXY, ...PATH_ENDS_BEFORE],
  ofNameServers: true,
  differentialCauses: ["gateway-unreachable", "destination-down", "routing-loop", "port-filtered"],
  needs: ["reach"],
  judge: (facts, { reach }) => {
    if (reach.connect === "passed" || reach.connect === "refused") {
      return rejected(sayNeed("targetReached"), reach.connectId === null ? [] : [reach.connectId]);
    }
    if (reach.alive !== null) return rejected(sayNeed("targetAnswers"), [reach.alive.id]);
    const host = reachedByHost(facts.path);
    if (host !== null) return rejected(asReported(host), host.evidence);
    const forwarded = meet(facts, "forwardedTtl");
    if (forwarded.kind !== "met") return forwarded;
    const reported = reach.refusals.find(
      (refusal) => !refusal.own && (refusal.says === "network" || reportedAtOnce(reach, refusal)),
    );
    if (reported !== undefined) return byWitness(facts, reported);
    return byCode(facts) ?? bySilence(facts);
  },
});

/** The sender is not known: routers send such an error once a second at most, and the connection got it. */

/** The connection failed at once with network unreachable, and this machine has a route. */
function byCode(facts: Facts) {
  const { reach, attempt } = facts;
  const connect = stageOf(attempt, "connect")?.result;
  const lookup = facts.lookup?.outcome;
  const hasRoute = lookup?.kind === "route" && lookup.gateway !== null;
  const reported = connect?.kind === "failed" && connect.code === "ENETUNREACH";
  if (!reported || !hasRoute || reach.refusals.length > 0) return null;
  const last = reach.farthest;
  return fires({
    confidence: "candidate",
    ...between(last === null ? deviceKind(facts) : hopKind(facts, last.ttl), "internet-hop"),
    direction: "outbound",
    summary: say("unsigned", { address: reach.address }),
    evidence: [...(reach.connectId === null ? [] : [reach.connectId]), ...(last ? [last.id] : [])],
    fixes: [],
  });
}

function byWitness(facts: Facts, reported: Refusal) {
  const location = senderLocation(facts, reported);
  const address = addressOf(facts.reach.address ?? "");
  // A router rightly has no route to a name server of another network.
  if (facts.path.resolverPath !== null && address !== null && isPrivate(address)) {
    return notChecked(say("otherNetwork", { server: facts.reach.address }));
  }
  return fires({
    confidence: reported.says === "network" ? "exact" : "inferred",
    ...location,
    direction: "outbound",
    summary: say("reported", {
      from: reported.from,
      address: facts.reach.address,
      type: reported.type,
      code: reported.code,
    }),
    evidence: [reported.id],
    fixes: [],
  });
}

/** TTLs beyond the last answer that must have been probed: one silent hop is not the end. */
const SILENT_TTLS = 4;

function bySilence(facts: Facts) {
  const { farthest, refusals, connect, asked, address, connectId } = facts.reach;
  if (connect !== "silent" || refusals.length > 0) {
    return rejected(
      say("reasonReported"),
      refusals.slice(0, 1).map(({ id }) => id),
    );
  }
  const first = firstRouterTtl(facts);
  if (farthest === null) return notChecked(say("noRouter"));
  if (farthest.ttl < first) {
    return notChecked(say("onlyHost"));
  }
  if (farthest.ttl > first) {
    return rejected(say("routersAnswer", { ttl: farthest.ttl }), [farthest.id]);
  }
  if (facts.path.resolverPath !== null) {
    return notChecked(say("serverMayBeSilent"));
  }
  if (asked < farthest.ttl + SILENT_TTLS) return notChecked(say("tooFewHops"));
  if (counterCheck(facts.path)?.verdict === "unclear") return notChecked(say("mayBeDroppedHere"));
  const others = pathServesOthers(facts.path, facts.lookup);
  if (others !== null) {
    return rejected(say("othersAnswer", { server: others.server }), others.evidence);
  }
  return fires({
    confidence: "candidate",
    // It, or the next one: a router that drops everything is as silent as none.
    ...between(hopKind(facts, farthest.ttl), "internet-hop"),
    direction: null,
    summary: say("silent", { router: farthest.from, address }),
    evidence: [farthest.id, ...(connectId === null ? [] : [connectId])],
    fixes: [],
  });
}
