// A server sends more over UDP than the query allowed, and does not say that it is cut.

import { cause } from "../../cause.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsAnswerOversize = cause({
  id: "dns-answer-oversize",
  area: "names",
  title: "A name server sends answers that are larger than the query allows",
  segment: "resolver",
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["dns-large-answer-lost", "dns-tcp-blocked"],
  needs: ["servers"],
  judge: (_, { servers }) => {
    const large = servers.flatMap(({ server, replies }) =>
      replies.flatMap(({ id, transport, outcome, type }) => {
        const bytes = outcome.kind === "answer" ? (outcome.sizeBytes ?? 0) : 0;
        return transport === "udp" && bytes > PLAIN_BYTES ? [{ id, server, type, bytes }] : [];
      }),
    );
    const evidence = servers.flatMap((server) => server.evidence);
    if (large.length === 0) return rejected(say("allFit"), evidence);
    return atResolver({
      severity: "note",
      confidence: "exact",
      summary: say("found", {
        answers: large.map(({ server, type, bytes }) => ({ server, type, bytes })),
        allowed: PLAIN_BYTES,
      }),
      evidence: large.map(({ id }) => id),
    });
  },
});

/** RFC 1035 s.4.2.1: a query without an OPT record, as those of a look-up are, allows no more over UDP. */
const PLAIN_BYTES = 512;
