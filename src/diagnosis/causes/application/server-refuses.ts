// The server answers in its own protocol that it will not serve this connection.

import { requestedTarget } from "../../../facts/connection/subject.ts";
import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { WRONG_ADDRESS } from "../groups.ts";

export const serverRefuses = cause({
  id: "server-refuses",
  area: "application",
  title: "The server answers, and refuses the connection in its own protocol",
  segment: "destination",
  severity: "fault",
  direction: null,
  dependsOn: [...WRONG_ADDRESS],
  differentialCauses: ["tls-middlebox-reset", "connection-closed"],
  needs: ["ending"],
  judge: ({ path }, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "refused") return rejected(say("notRefused"), [attempt.id]);
    return fires({
      // A filter that speaks TLS sends the same alert.
      confidence: "inferred",
      segment: "destination",
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        host: requestedTarget(path)?.host ?? "",
        by: ending.by,
        words: ending.words,
      }),
      evidence: [...ending.evidence],
      fixes: [],
    });
  },
});
