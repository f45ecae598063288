// Another system answers instead of the name server.

import type { ServerFacts, ServerStatus } from "../../../facts/dns/dns.ts";
import { forgeryOf } from "../../../facts/dns/forgery.ts";
import type { Facts } from "../../../facts/facts.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsAnswerForged = cause({
  id: "dns-answer-forged",
  area: "names",
  title: "Another system answers instead of the name server",
  segment: "resolver",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["dns-name-does-not-exist", "nrpt-only-vpn-dns"],
  needs: [],
  judge: (facts) => {
    const { dns: names, path } = facts;
    const asked = [...names.configured, ...names.behindStub].filter(
      ({ origin, status }) => origin === "resolv.conf" && !SAYS_NOTHING.includes(status),
    );
    if (names.literal || asked.length === 0) {
      return notChecked(say("noneAnswered"));
    }
    const judged = asked.map((server) => ({ server, found: forgeryOf(path, server.server) }));
    const strongest = ["proven", "differs"] as const;
    for (const kind of strongest) {
      const hits = judged.flatMap(({ server, found }) =>
        found.kind === kind ? [{ server, ...found }] : [],
      );
      const [first] = hits;
      if (first === undefined) continue;
      return fires({
        severity: kind === "differs" ? "note" : severityOf(facts, first.server),
        confidence: kind === "proven" ? "measured" : "candidate",
        segment: "resolver",
        between: null,
        direction: "inbound",
        summary: say("found", { kind, answers: hits.map(({ words }) => words) }),
        evidence: hits.flatMap(({ evidence }) => [...evidence]),
        fixes: [],
      });
    }
    const open = judged.flatMap(({ found }) => (found.kind === "open" ? [found.reason] : []));
    if (open.length > 0) return notChecked(say("open", { reasons: open }));
    return rejected(
      say("agree"),
      judged.flatMap(({ found }) => (found.kind === "agrees" ? [...found.evidence] : [])),
    );
  },
});

/** What gives no answer that could be another's. */
const SAYS_NOTHING: readonly ServerStatus[] = ["silent", "refuses", "unreachable"];

/** Programs use the first server's answer; that of a stub is the answer of its upstream. */
function severityOf({ dns: names }: Facts, { server, origin }: ServerFacts): "fault" | "warning" {
  const decides = origin === "upstream" || names.decidedBy?.server === server;
  return decides ? "fault" : "warning";
}
