// Datagrams that this machine sends in fragments are lost, and whole ones of the largest size pass.

import { fragmentFacts } from "../../../facts/size/fragments.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { asReported, say } from "../../words.ts";

export const fragmentedUdpDropped = cause({
  id: "fragmented-udp-dropped",
  area: "sizes",
  title: "Datagrams in fragments are lost behind WSL's NAT, and whole ones pass",
  segment: null,
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["pmtu-outbound-blackhole", "vpn-mtu-outbound-blackhole", "path-loss"],
  needs: ["behindHost"],
  judge: ({ path, outbound }) => {
    const { outbound: fragments } = fragmentFacts(path);
    if (fragments.status === "delivered") return rejected(say("delivered"), fragments.evidence);
    if (fragments.status === "unknown") {
      return notChecked(asReported({ reason: fragments.reason ?? "" }));
    }
    const { estimate } = outbound;
    // A fragment as large as the link meets a smaller limit of the path, as any packet of its size does.
    if (estimate.below !== null)
      return rejected(say("limited", { below: estimate.below }), outbound.evidence);
    if (estimate.bytes === null) return notChecked(say("sizesUnknown"));
    return fires({
      confidence: "measured",
      segment: null,
      between: ["vswitch", "destination"],
      direction: "outbound",
      summary: say("found", { tries: fragments.evidence.length, whole: estimate.bytes }),
      evidence: [...fragments.evidence, ...outbound.evidence],
      fixes: [],
    });
  },
});
