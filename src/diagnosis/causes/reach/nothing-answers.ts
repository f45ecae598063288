// The gateway answers ARP or neighbour discovery, and nothing else that was sent is answered by anybody.

import type { Facts } from "../../../facts/facts.ts";
import { counterCheck } from "../../../facts/kernel/counter-check.ts";
import { reachedByHost } from "../../../facts/reach/both-vantages.ts";
import {
  answeredNeighbour,
  answerOverGateway,
  isOwnStackCleared,
} from "../../../facts/reach/gateway-alone.ts";
import type { SegmentKind } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { deviceKind } from "../../chain/kinds.ts";
import { between } from "../../locations.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { PATH_LEADS_NOWHERE } from "../groups.ts";

export const nothingAnswers = cause({
  id: "nothing-answers",
  area: "reach",
  title: "The gateway answers ARP or neighbour discovery, and nothing else is answered",
  segment: null,
  severity: "fault",
  direction: null,
  // Replies that the host sends into a VPN are none that nobody sends.
  dependsOn: [
    ...PATH_LEADS_NOWHERE,
    "vpn-metric-steals-wsl-subnet",
    "vpn-more-specific-route",
    "nat-subnet-overlap",
  ],
  ofNameServers: true,
  differentialCauses: ["gateway-unreachable", "host-forwarding-blocked", "upstream-unreachable"],
  needs: ["reach"],
  judge: (facts, { reach }) => {
    const { path, lookup } = facts;
    if (reach.connect !== "silent") {
      const evidence = reach.connectId === null ? [] : [reach.connectId];
      return rejected(say("ended"), evidence);
    }
    const gateway = lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
    if (gateway === null) return notChecked(say("noGateway"));
    const heard = answerOverGateway(path, gateway);
    if (heard !== null) return rejected(say("heard"), [heard]);
    const asked = path.controls.filter(({ about }) => about === "gateway");
    if (asked.length === 0) return notChecked(say("notAsked", { gateway }));
    const neighbour = answeredNeighbour(path, gateway);
    if (neighbour === null) return notChecked(say("noNeighbour", { gateway }));
    if (counterCheck(path)?.verdict === "unclear") return notChecked(say("mayBeDroppedHere"));
    const host = reachedByHost(path);
    return fires({
      confidence: host === null ? "candidate" : "inferred",
      ...between(nearEnd(facts), farEnd(facts)),
      direction: null,
      summary: say("found", {
        gateway,
        address: reach.address,
        six: gateway.includes(":"),
        cleared: isOwnStackCleared(path),
        host: host === null ? null : host.reason,
      }),
      evidence: [
        neighbour.id,
        ...asked.map(({ id }) => id),
        ...(reach.connectId === null ? [] : [reach.connectId]),
        ...(host?.evidence ?? []),
      ],
      fixes: [],
    });
  },
});

/** A filter of this machine stands behind ARP, so that it may be what drops. */
function nearEnd(facts: Facts): SegmentKind {
  return isOwnStackCleared(facts.path) ? deviceKind(facts) : "linux-stack";
}

/** Whoever is silent may be the target alone, behind routers that never answer: unless Windows reaches it. */
function farEnd({ path }: Facts): SegmentKind {
  if (reachedByHost(path) !== null) return "windows-stack";
  return path.resolverPath === null ? "destination" : "resolver";
}
