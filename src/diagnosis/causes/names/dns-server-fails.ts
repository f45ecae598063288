// A server of resolv.conf answers that it cannot answer: SERVFAIL, FORMERR, NOTIMP, or bytes that are no answer.

import { askedBefore, SPENT_MS, spentOn } from "../../../facts/dns/asked-before.ts";
import type { ServerFacts } from "../../../facts/dns/dns.ts";
import { ednsDropped } from "../../../facts/dns/edns.ts";
import type { Facts } from "../../../facts/facts.ts";
import { cause } from "../../cause.ts";
import { askFirstFixes } from "../../fixes.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { OTHERS_KNOW_NAMES } from "../groups.ts";

export const dnsServerFails = cause({
  id: "dns-server-fails",
  area: "names",
  title: "A configured name server answers that it failed",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [...OTHERS_KNOW_NAMES],
  differentialCauses: ["dns-server-refuses", "dns-server-unreachable", "dns-name-does-not-exist"],
  needs: ["servers"],
  judge: (facts, { servers }) => {
    const { dns: names } = facts;
    const failing = servers.filter(
      ({ status, server }) => status === "fails" && ednsDropped(facts.path, server) === null,
    );
    const evidence = servers.flatMap((server) => server.evidence);
    if (failing.length === 0) return rejected(say("noneFails"), evidence);
    if (names.decidedBy !== null) return inFront(facts, names.decidedBy);
    const other = names.hostOnly.find(({ status }) => status === "answers");
    return atResolver({
      confidence: "exact",
      summary: say("found", {
        servers: failing.map(({ server, reported }) => ({ server, reported })),
        other: other?.server ?? null,
      }),
      evidence: [...failing.flatMap((server) => server.evidence), ...(other?.evidence ?? [])],
      fixes: askFirstFixes(other?.server ?? null),
    });
  },
});

/** Behind it another one answers: what it takes until it fails is all that it costs. */
function inFront({ path }: Facts, next: ServerFacts) {
  const failing = askedBefore(path).filter(({ status }) => status === "fails");
  const evidence = failing.flatMap((server) => server.evidence);
  if (failing.length === 0) return rejected(say("afterOne"), next.evidence);
  const spentMs = Math.max(...failing.map(spentOn));
  const isFelt = spentMs >= SPENT_MS;
  return atResolver({
    severity: isFelt ? "warning" : "note",
    confidence: "exact",
    summary: say("inFront", {
      servers: failing.map(({ server, reported }) => ({ server, reported })),
      next: next.server,
      spentMs: isFelt ? spentMs : null,
    }),
    evidence: [...evidence, ...next.evidence],
    fixes: isFelt && next.status === "answers" ? askFirstFixes(next.server) : [],
  });
}
