// The guest's full-size packets exceed the VPN tunnel's MTU, and no ICMP error reports it to the guest.

import { ownerOf } from "../../../facts/size/limit-owner.ts";
import { cause } from "../../cause.ts";
import { weaker } from "../../confidence.ts";
import { mtuFixes } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { balancedSeen } from "./inbound.ts";
import { outboundConfidence } from "./outbound.ts";

export const vpnMtuOutboundBlackhole = cause({
  id: "vpn-mtu-outbound-blackhole",
  area: "sizes",
  title: "Packets above the VPN tunnel's MTU are lost on the outbound path",
  segment: "vpn-adapter",
  severity: "warning",
  direction: "outbound",
  dependsOn: ["mirrored-jumbo-blackhole"],
  differentialCauses: ["pmtu-outbound-blackhole", "path-loss"],
  needs: ["outboundLimit"],
  judge: (facts) => {
    const { balanced, estimate, evidence } = facts.outbound;
    const owner = ownerOf(facts.path, estimate);
    if (owner.kind === "unknown") return notChecked(say("ownerUnknown", { reason: owner.reason }));
    if (owner.kind === "other") return rejected(say("notOfVpn", { because: owner.because }), []);
    const host = facts.path.host === null ? [] : [facts.path.host.id];
    return fires({
      confidence: owner.exact ? outboundConfidence(facts) : weaker(outboundConfidence(facts)),
      segment: "vpn-adapter",
      between: null,
      direction: "outbound",
      summary: say("found", {
        adapter: owner.name,
        mtu: owner.mtu,
        carriesLess: owner.carriesLess,
        carrier: owner.carrier,
        estimate,
        balanced: balanced === null ? null : balancedSeen(balanced),
      }),
      evidence: [...evidence, ...host],
      fixes: [...mtuFixes(facts, owner.exact ? estimate.bytes : estimate.atLeast, owner)],
    });
  },
});
