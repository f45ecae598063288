// The server offers HTTP/3, TCP to it passes, and QUIC to the same port is never answered.

import { http3Port } from "../../../facts/connection/alt-svc.ts";
import { attemptState, stageOf } from "../../../facts/connection/attempt.ts";
import { cause } from "../../cause.ts";
import { inferred, measured } from "../../confidence.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";

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
      return notChecked("no answer over TCP could offer HTTP/3");
    }
    if (offer === null || http3Port(offer.value) === null) {
      return notChecked(
        "the server's answer offers no HTTP/3, so a missing answer would mean nothing",
      );
    }
    const probe = path.quic.find(({ address }) => address === attempt.address);
    if (probe === undefined) return notChecked("no QUIC packet was sent");
    const { outcome, port, sent } = probe;
    if (outcome.kind === "version-negotiation") {
      return rejected("the server answers in QUIC", [probe.id]);
    }
    const connect = stageOf(attempt, "connect")?.id;
    const how =
      outcome.kind === "no-reply"
        ? `${sent} QUIC packets to it are unanswered`
        : `QUIC packets to it are refused (${outcome.error})`;
    return fires({
      confidence: outcome.kind === "no-reply" ? measured(0.8) : inferred(0.7),
      segment: null,
      between: null,
      direction: null,
      summary: `the server offers HTTP/3 on UDP port ${port}, and ${how}, while TCP to port ${attempt.port} passes: programs fall back to TCP`,
      evidence: [offer.id, probe.id, ...(connect === undefined ? [] : [connect])],
      fixes: [],
    });
  },
});
