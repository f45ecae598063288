// A ClientHello of two segments dies or is reset, and one of a single segment is answered.

import { largeHelloFacts } from "../../../facts/connection/large-hello.ts";
import type { HandshakeEnd } from "../../../facts/connection/tls-answers.ts";
import { cause } from "../../cause.ts";
import { fix } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const tlsLargeHelloLost = cause({
  id: "tls-large-hello-lost",
  area: "web",
  title: "A ClientHello of two segments, as programs of today send, gets no answer",
  // The server, or whoever reads hellos on the way.
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: [],
  differentialCauses: ["pmtu-outbound-blackhole", "vpn-mtu-outbound-blackhole", "path-loss"],
  needs: ["attempt"],
  judge: ({ path, inbound, outbound }, { attempt }) => {
    const hellos = largeHelloFacts(path);
    if (hellos === null) return notChecked(say("notSent"));
    const { large, lost, ends, acknowledged, packetBytes, evidence } = hellos;
    if (!lost) return rejected(say("answered"), evidence);
    // Of several balanced paths one loses large answers, or hellos: which one each of these took is not known.
    if (inbound.balanced !== null || outbound.balanced !== null) {
      return notChecked(say("sizesUnknown"));
    }
    const { atLeast, below } = outbound.estimate;
    if (packetBytes === null || atLeast === null) return notChecked(say("sizesUnknown"));
    if (atLeast < packetBytes) {
      return below !== null && below <= packetBytes
        ? rejected(say("tooLarge", { packetBytes, below }), outbound.evidence)
        : notChecked(say("sizesUnknown"));
    }
    return fires({
      confidence: "measured",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        count: large.length,
        end: commonEnd(ends),
        acknowledged,
      }),
      evidence,
      fixes: [
        fix({
          where: "linux",
          title: say("smallHello"),
          commands: ["export GODEBUG=tlsmlkem=0,tlskyber=0"],
          persistent: false,
        }),
      ],
    });
  },
});

/** How they ended, where it was the same each time. */
function commonEnd(ends: readonly HandshakeEnd[]): "reset" | "closed" | "silent" | "mixed" {
  const [end, ...others] = new Set(ends);
  if (others.length > 0) return "mixed";
  return end === "reset" || end === "closed" || end === "silent" ? end : "mixed";
}
