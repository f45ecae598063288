// Bytes are not what was sent: records or signatures of TLS do not fit, again and again.

import { endingOf } from "../../../facts/connection/ending.ts";
import { cause } from "../../cause.ts";
import { candidate, inferred } from "../../confidence.ts";
import { fires, rejected } from "../../outcome.ts";

export const dataCorrupted = cause({
  id: "data-corrupted",
  area: "application",
  title: "Bytes change on the way",
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["tls-middlebox-reset", "tls-inspection-untrusted-ca", "connection-closed"],
  needs: ["ending"],
  judge: ({ path }, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "corrupted") {
      return rejected("what arrived is what was sent", [attempt.id]);
    }
    const again = path.attempts.flatMap((other) => {
      const end = other === attempt ? null : endingOf(other, path);
      return end?.kind === "corrupted" ? [...end.evidence] : [];
    });
    return fires({
      confidence: again.length > 0 ? inferred(0.9) : candidate(0.6),
      segment: null,
      between: null,
      direction: null,
      summary: `the ${ending.stage === "tls" ? "handshake" : "answer"} fails because its bytes do not fit their checks (${ending.code})${again.length > 0 ? ", and so does another connection" : ", in one connection"}: something on the path changes data, which no retransmission repairs`,
      evidence: [...ending.evidence, ...again],
      fixes: [],
    });
  },
});
