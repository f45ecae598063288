// The server's full-size segments exceed the VPN tunnel's MTU and are dropped silently.

import { ownerOf } from "../../../facts/size/limit-owner.ts";
import { cause } from "../../cause.ts";
import { weaker } from "../../confidence.ts";
import { mtuFixes } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { INBOUND_LOOK_ALIKES } from "../groups.ts";
import { inboundAtInterface, inboundConfidence, inboundSeen, inboundSeverity } from "./inbound.ts";

export const vpnMtuInboundBlackhole = cause({
  id: "vpn-mtu-inbound-blackhole",
  area: "sizes",
  title: "Responses above the VPN tunnel's MTU are lost on the inbound path",
  segment: "vpn-adapter",
  severity: "fault",
  direction: "inbound",
  dependsOn: ["mirrored-jumbo-blackhole", "linux-firewall-in-distro", "rp-filter-drop"],
  differentialCauses: [
    "pmtu-inbound-blackhole",
    "vpn-mtu-outbound-blackhole",
    ...INBOUND_LOOK_ALIKES,
  ],
  needs: ["inboundLimit"],
  judge: (facts) => {
    const { estimate, evidence } = facts.inbound;
    const owner = ownerOf(facts.path, estimate);
    if (owner.kind === "unknown") return notChecked(say("ownerUnknown", { reason: owner.reason }));
    if (owner.kind === "other")
      return rejected(
        say("notOfVpn", { because: owner.because }),
        hostEvidence(facts.path.host?.id),
      );
    const known = owner.carriesLess ? null : owner.mtu;
    const mtu = owner.exact ? estimate.bytes : (estimate.atLeast ?? known);
    const kernel = inboundAtInterface(facts);
    return fires({
      severity: inboundSeverity(facts),
      confidence: owner.exact ? inboundConfidence(facts) : weaker(inboundConfidence(facts)),
      segment: "vpn-adapter",
      between: null,
      direction: "inbound",
      summary: say("found", {
        adapter: owner.name,
        mtu: owner.mtu,
        carriesLess: owner.carriesLess,
        carrier: owner.carrier,
        estimate,
        sweep: inboundSeen(facts),
        kernel: kernel.seen,
      }),
      evidence: [...evidence, ...kernel.evidence, ...hostEvidence(facts.path.host?.id)],
      fixes: [...mtuFixes(facts, mtu, owner)],
    });
  },
});

function hostEvidence(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}
