// The connection is accepted, and closed or reset behind the request or the ClientHello, whatever name is asked for.

import { besideDefault, handshakeEnd } from "../../../facts/connection/tls-answers.ts";
import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { DEAD_PROXY, OWN_STACK, SIZE_LIMITS, WRONG_ADDRESS } from "../groups.ts";

export const connectionClosed = cause({
  id: "connection-closed",
  area: "application",
  title: "The connection is closed or reset in place of an answer",
  // A reset needs no server: who sent it is not known.
  segment: null,
  severity: "fault",
  direction: null,
  dependsOn: [
    "proxy-refuses",
    ...DEAD_PROXY,
    "tls-middlebox-reset",
    ...SIZE_LIMITS,
    ...OWN_STACK,
    ...WRONG_ADDRESS,
  ],
  differentialCauses: ["tls-middlebox-reset", "server-silent", "port-refused"],
  needs: ["ending"],
  judge: ({ path }, { ending }) => {
    const { attempt } = ending;
    if (ending.kind !== "closed") return rejected(say("notEnded"), [attempt.id]);
    const others = besideDefault(path, "other-name");
    if (others.some((other) => handshakeEnd(other) === "answered")) {
      return rejected(
        say("otherAnswered"),
        others.map(({ id }) => id),
      );
    }
    return fires({
      confidence: others.length > 0 ? "measured" : "inferred",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        address: attempt.address,
        port: attempt.port,
        stage: ending.stage,
        reset: ending.reset,
        names: others.flatMap(({ serverName }) => serverName ?? []),
      }),
      evidence: [...ending.evidence, ...others.map(({ id }) => id)],
      fixes: [],
    });
  },
});
