// Bytes are not what was sent: records or signatures of TLS do not fit, again and again.

import { endingOf } from "../../../facts/connection/ending.ts";
import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
      return rejected(say("intact"), [attempt.id]);
    }
    const again = path.attempts.flatMap((other) => {
      const end = other === attempt ? null : endingOf(other, path);
      return end?.kind === "corrupted" ? [...end.evidence] : [];
    });
    return fires({
      confidence: again.length > 0 ? "inferred" : "candidate",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        stage: ending.stage,
        code: ending.code,
        again: again.length > 0,
      }),
      evidence: [...ending.evidence, ...again],
      fixes: [],
    });
  },
});
