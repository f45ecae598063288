// The same routers pass the packet round until its TTL is used up.

import type { Facts } from "../../../facts/facts.ts";
import { loopOf } from "../../../facts/reach/loop.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { between, type Location } from "../../locations.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say, sayNeed } from "../../words.ts";
import { WRONG_ROUTE } from "../groups.ts";

export const routingLoop = cause({
  id: "routing-loop",
  area: "reach",
  title: "Routers forward the packet in a loop until its TTL expires",
  segment: "internet-hop",
  severity: "fault",
  direction: "outbound",
  dependsOn: ["no-default-route", "gateway-unreachable", ...WRONG_ROUTE],
  ofNameServers: true,
  differentialCauses: ["destination-down", "upstream-unreachable"],
  needs: [],
  judge: (facts) => {
    const { reach } = facts;
    if (reach.connect === "passed") return rejected(sayNeed("targetReached"), connectOf(facts));
    if (reach.alive !== null) return rejected(sayNeed("targetAnswers"), [reach.alive.id]);
    if (reach.routers.length === 0) return notChecked(say("noRouter"));
    const loop = loopOf(reach);
    if (loop === null) {
      const seen = reach.farthest === null ? [] : [reach.farthest.id];
      return rejected(say("noRepeat"), seen);
    }
    const { routers, fromTtl, toTtl, evidence } = loop;
    return fires({
      confidence: "measured",
      ...locationOf(facts, fromTtl, fromTtl + Math.max(1, routers.length - 1)),
      direction: "outbound",
      summary: say("found", { fromTtl, toTtl, address: reach.address, routers }),
      evidence,
      fixes: [],
    });
  },
});

/** The one who sends back is a router of the network, unless both ends are nearer than that. */
function locationOf(facts: Facts, from: number, to: number): Location {
  const kinds = [hopKind(facts, from), hopKind(facts, to)] as const;
  return kinds.includes("internet-hop")
    ? { segment: "internet-hop", between: null }
    : between(...kinds);
}

function connectOf({ reach }: Facts): readonly string[] {
  return reach.connectId === null ? [] : [reach.connectId];
}
