// Something answers the ClientHello, and not in TLS.

import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, WRONG_ADDRESS } from "../groups.ts";

export const tlsNotSpoken = cause({
  id: "tls-not-spoken",
  area: "application",
  title: "What answers on the port does not speak TLS",
  segment: "destination",
  severity: "fault",
  direction: null,
  dependsOn: ["proxy-refuses", ...DEAD_PROXY, ...WRONG_ADDRESS],
  differentialCauses: ["captive-portal", "server-refuses"],
  needs: ["ending"],
  judge: (_facts, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "not-tls") return rejected(say("noOther"), [attempt.id]);
    return fires({
      // A captive portal answers like this too; where it was seen, this hides behind it.
      confidence: "inferred",
      segment: "destination",
      between: null,
      direction: null,
      summary: say("found", { address: attempt.address, port: attempt.port }),
      evidence: [...ending.evidence],
      fixes: [],
    });
  },
});
