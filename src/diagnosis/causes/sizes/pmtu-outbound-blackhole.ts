// Outbound packets above a size are dropped silently, and nothing shows which link has the limit.

import type { Facts } from "../../../facts/facts.ts";
import { ownerOf } from "../../../facts/size/limit-owner.ts";
import type { SegmentKind } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { deviceKind, hopKind } from "../../chain/kinds.ts";
import { mtuFixes } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { balancedSeen } from "./inbound.ts";
import { outboundConfidence } from "./outbound.ts";

export const pmtuOutboundBlackhole = cause({
  id: "pmtu-outbound-blackhole",
  area: "sizes",
  title: "Outbound packets above some size are lost, and no VPN is known as the cause",
  segment: null,
  severity: "warning",
  direction: "outbound",
  dependsOn: ["mirrored-jumbo-blackhole", "vpn-mtu-outbound-blackhole"],
  differentialCauses: ["vpn-mtu-outbound-blackhole", "path-loss"],
  needs: ["outboundLimit"],
  judge: (facts) => {
    const { balanced, estimate, evidence } = facts.outbound;
    const owner = ownerOf(facts.path, estimate);
    if (owner.kind === "vpn") {
      return rejected(say("ofVpn", { because: owner.because }), []);
    }
    return fires({
      confidence: outboundConfidence(facts),
      segment: null,
      between: betweenHops(facts),
      direction: "outbound",
      summary: say("found", {
        estimate,
        vanishes: facts.outbound.vanishes,
        owner,
        balanced: balanced === null ? null : balancedSeen(balanced),
      }),
      evidence,
      fixes: [...mtuFixes(facts, estimate.atLeast, owner)],
    });
  },
});

/** The segments of the last hop that took full-size packets and of the first that did not. */
function betweenHops(facts: Facts): [SegmentKind, SegmentKind] {
  const { vanishes } = facts.outbound;
  if (vanishes === null) return [deviceKind(facts), "destination"];
  const after = vanishes.afterTtl === 0 ? deviceKind(facts) : hopKind(facts, vanishes.afterTtl);
  return [after, hopKind(facts, vanishes.beforeTtl)];
}
