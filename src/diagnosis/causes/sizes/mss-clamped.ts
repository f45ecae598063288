// The path drops large packets silently, and TCP's MSS keeps every transfer below that size.

import { stageOf } from "../../../facts/connection/attempt.ts";
import { formatLimit } from "../../../facts/size/limit-owner.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { hasSilentLimit, tcpStaysBelow } from "../../needs/sizes.ts";
import { fires, rejected } from "../../outcome.ts";

export const mssClamped = cause({
  id: "mss-clamped",
  area: "sizes",
  title: "Large outbound packets are lost, and TCP's MSS stays below that size",
  segment: null,
  severity: "note",
  direction: "outbound",
  dependsOn: [],
  differentialCauses: ["vpn-mtu-outbound-blackhole", "pmtu-outbound-blackhole"],
  needs: [],
  judge: (facts) => {
    const { evidence, estimate } = facts.outbound;
    if (!hasSilentLimit(facts)) return rejected("no silent outbound size limit", evidence);
    const largest = tcpStaysBelow(facts);
    if (largest === null) return rejected("TCP sends packets as large as the link takes", evidence);
    const connect = stageOf(facts.attempt, "connect");
    return fires({
      confidence: measured(0.9),
      segment: null,
      between: null,
      direction: "outbound",
      summary: `UDP packets above ${formatLimit(estimate)} are lost on the outbound path; with the MSS that TCP is offered it sends at most ${largest} bytes, so it is not affected`,
      evidence: [...evidence, ...(connect === undefined ? [] : [connect.id])],
      fixes: [],
    });
  },
});
