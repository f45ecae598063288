// The path drops large packets silently, and TCP's MSS keeps every transfer below that size.

import { stageOf } from "../../../facts/connection/attempt.ts";
import { cause } from "../../cause.ts";
import { hasSilentLimit, tcpStaysBelow } from "../../needs/sizes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (!hasSilentLimit(facts)) return rejected(say("noSilentLimit"), evidence);
    const largest = tcpStaysBelow(facts);
    if (largest === null) return rejected(say("fullSize"), evidence);
    const connect = stageOf(facts.attempt, "connect");
    return fires({
      confidence: "measured",
      segment: null,
      between: null,
      direction: "outbound",
      summary: say("found", { estimate, largest }),
      evidence: [...evidence, ...(connect === undefined ? [] : [connect.id])],
      fixes: [],
    });
  },
});
