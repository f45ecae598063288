// The server offers HTTP/3, TCP to it passes, and QUIC to the same port is never answered.

import { http3Port } from "../../../facts/connection/alt-svc.ts";
import { attemptState, stageOf } from "../../../facts/connection/attempt.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const quicBlocked = cause({
  id: "quic-blocked",
  area: "web",
  title: "The server offers HTTP/3, and QUIC to it does not get through",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: [],
  needs: [],
  judge: ({ attempt, path }) => {
    const offer = attempt?.altSvc ?? null;
    if (attempt === undefined || attemptState(attempt, "http") !== "passed") {
      return notChecked(say("noAnswer"));
    }
    if (offer === null || http3Port(offer.value) === null) {
      return notChecked(say("notOffered"));
    }
    const probe = path.quic.find(({ address }) => address === attempt.address);
    if (probe === undefined) return notChecked(say("notSent"));
    const { outcome, port, sent } = probe;
    if (outcome.kind === "version-negotiation") {
      return rejected(say("answers"), [probe.id]);
    }
    const connect = stageOf(attempt, "connect")?.id;
    return fires({
      confidence: outcome.kind === "no-reply" ? "measured" : "inferred",
      segment: null,
      between: null,
      direction: null,
      summary: say("found", {
        port,
        sent,
        error: outcome.kind === "no-reply" ? null : outcome.error,
        tcpPort: attempt.port,
      }),
      evidence: [offer.id, probe.id, ...(connect === undefined ? [] : [connect])],
      fixes: [],
    });
  },
});
