// The path works up to the target, and the target answers nothing.

import { tracedLookup } from "../../../facts/connection/subject.ts";
import type { Facts } from "../../../facts/facts.ts";
import { reachedByHost } from "../../../facts/reach/both-vantages.ts";
import { hasNeighbours, pathServesOthers, reportedAtOnce } from "../../../facts/reach/next-hop.ts";
import type { ReachFacts } from "../../../facts/reach/reach.ts";
import { vantageFacts } from "../../../facts/vantage.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { between, firstRouterTtl } from "../../locations.ts";
import { meet } from "../../needs/needs.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say, sayNeed } from "../../words.ts";
import { DEAD_PROXY, PATH_ENDS_BEFORE } from "../groups.ts";

export const destinationDown = cause({
  id: "destination-down",
  area: "reach",
  title: "The path works up to the target, and the target answers nothing",
  segment: "destination",
  severity: "fault",
  direction: null,
  dependsOn: [...DEAD_PROXY, "upstream-unreachable", ...PATH_ENDS_BEFORE],
  differentialCauses: [
    "port-filtered",
    "upstream-unreachable",
    "gateway-unreachable",
    "routing-loop",
  ],
  needs: ["reach"],
  judge: (facts, { reach }) => {
    if (reach.connect === "passed" || reach.connect === "refused") {
      return rejected(say("connectAnswered"), connectOf(reach));
    }
    if (reach.alive !== null) return rejected(sayNeed("targetAnswers"), [reach.alive.id]);
    const [other] = reach.elsewhere;
    if (other !== undefined) {
      return rejected(say("answersBy", { device: other.device ?? null }), [other.id]);
    }
    const host = reachedByHost(facts.path);
    if (host !== null) return rejected(asReported(host), host.evidence);
    const forwarded = meet(facts, "forwardedTtl");
    if (forwarded.kind !== "met") return forwarded;
    return byLastRouter(facts) ?? byOwnLink(facts) ?? bySilence(facts);
  },
});

/** The router on the target's own link sent ARP requests for it there, without an answer. */
function byLastRouter(facts: Facts) {
  const { reach } = facts;
  const reported = reach.refusals.find(
    (refusal) => refusal.says === "host" && !refusal.own && !reportedAtOnce(reach, refusal),
  );
  if (reported === undefined) return undefined;
  const others = pathServesOthers(facts.path, facts.lookup);
  return fires({
    confidence: others === null ? "inferred" : "exact",
    ...AT_TARGET,
    summary: say("byLastRouter", { from: reported.from, address: reach.address }),
    evidence: [reported.id, ...connectOf(reach), ...(others?.evidence ?? [])],
  });
}

const AT_TARGET = { segment: "destination", between: null, direction: null, fixes: [] } as const;

function byOwnLink(facts: Facts) {
  const { path, reach } = facts;
  const lookup = tracedLookup(path);
  if (lookup?.outcome.kind !== "route" || lookup.outcome.gateway !== null) return undefined;
  const own = reach.refusals.find((refusal) => refusal.own && refusal.says === "host");
  if (own === undefined && reach.connect !== "unreachable") return undefined;
  if (!hasNeighbours(facts.path, facts.lookup)) return notChecked(say("tunnel"));
  if (isLinkToWindows(facts, lookup.outcome.interface)) return notChecked(say("nobodyThere"));
  return fires({
    // A prefix that is wider than the link looks the same from here.
    confidence: "inferred",
    ...AT_TARGET,
    summary: say("onOwnLink", { address: reach.address, device: lookup.outcome.interface }),
    evidence: [lookup.id, ...(own === undefined ? [] : [own.id]), ...connectOf(reach)],
  });
}

/** Behind WSL's NAT, where Windows alone is on the link, and whether that has another way to the target is not known. */
function isLinkToWindows({ path }: Facts, device: string): boolean {
  const vantage = vantageFacts(path);
  const isNat = vantage?.networkingMode === "nat" || vantage?.networkingMode === null;
  if (vantage?.kind !== "wsl2" || !isNat || path.host?.snapshot != null) return false;
  const routes = path.routes?.routes ?? [];
  return routes.some((route) => route.gateway !== null && route.interface === device);
}

/** The distance from the last answering router to the target is not known, so the location is a range. */
function bySilence(facts: Facts) {
  const { reach } = facts;
  const { farthest, refusals } = reach;
  if (reach.connect !== "silent" || refusals.length > 0) {
    return rejected(
      say("reasonReported"),
      refusals.slice(0, 1).map(({ id }) => id),
    );
  }
  if (farthest === null) return notChecked(say("noRouter"));
  const first = firstRouterTtl(facts);
  const others = pathServesOthers(facts.path, facts.lookup);
  if (farthest.ttl < first || (farthest.ttl === first && others === null)) {
    return rejected(say("nothingBeyond", { ttl: farthest.ttl }), [farthest.id]);
  }
  return fires({
    confidence: "candidate",
    ...AT_TARGET,
    ...between(hopKind(facts, farthest.ttl), "destination"),
    summary: say("silent", {
      from: farthest.from,
      ttl: farthest.ttl,
      address: reach.address,
    }),
    evidence: [farthest.id, ...connectOf(reach), ...(others?.evidence ?? [])],
  });
}

function connectOf({ connectId }: ReachFacts): readonly string[] {
  return connectId === null ? [] : [connectId];
}
