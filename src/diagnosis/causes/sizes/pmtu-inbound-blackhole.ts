// Responses above a size are dropped silently, and nothing shows which link has the limit.

import type { Facts } from "../../../facts/facts.ts";
import { ownerOf } from "../../../facts/size/limit-owner.ts";
import type { SegmentKind } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { deviceKind } from "../../chain/kinds.ts";
import { mtuFixes } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { INBOUND_LOOK_ALIKES } from "../groups.ts";
import { inboundAtInterface, inboundConfidence, inboundSeen, inboundSeverity } from "./inbound.ts";

export const pmtuInboundBlackhole = cause({
  id: "pmtu-inbound-blackhole",
  area: "sizes",
  title: "Responses above some size are lost, and no VPN is known as the cause",
  segment: null,
  severity: "fault",
  direction: "inbound",
  dependsOn: [
    "mirrored-jumbo-blackhole",
    "vpn-mtu-inbound-blackhole",
    "linux-firewall-in-distro",
    "rp-filter-drop",
  ],
  differentialCauses: [
    "vpn-mtu-inbound-blackhole",
    "pmtu-outbound-blackhole",
    ...INBOUND_LOOK_ALIKES,
  ],
  needs: ["inboundLimit"],
  judge: (facts) => {
    const { estimate, evidence } = facts.inbound;
    const owner = ownerOf(facts.path, estimate);
    if (owner.kind === "vpn") {
      return rejected(say("ofVpn", { because: owner.because }), []);
    }
    const kernel = inboundAtInterface(facts);
    return fires({
      severity: inboundSeverity(facts),
      confidence: inboundConfidence(facts),
      segment: null,
      between: intervalOf(facts),
      direction: "inbound",
      summary: say("found", {
        estimate,
        sweep: inboundSeen(facts),
        kernel: kernel.seen,
        owner,
      }),
      evidence: [...evidence, ...kernel.evidence],
      fixes: [...mtuFixes(facts, estimate.atLeast, owner)],
    });
  },
});

/**
 * The sizes are measured end to end, so the limit lies between the guest's own link and the target;
 * with a VPN on the path whose own limit is larger, behind its adapter.
 */
function intervalOf(facts: Facts): [SegmentKind, SegmentKind] {
  const { vpn, relation, path } = facts;
  if (facts.distroTunnel !== null) return [deviceKind(facts), "destination"];
  if (vpn?.known && vpn.inVpn) return ["vpn-adapter", "destination"];
  const first =
    relation?.kind === "nat" || path.vantage?.vantage === "wsl2" ? "vswitch" : "linux-nic";
  return [first, "destination"];
}
