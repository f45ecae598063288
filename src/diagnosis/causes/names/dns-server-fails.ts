// A server of resolv.conf answers that it cannot answer: SERVFAIL, FORMERR, NOTIMP, or bytes that are no answer.

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
  judge: ({ dns: names }, { servers }) => {
    const failing = servers.filter(({ status }) => status === "fails");
    const evidence = servers.flatMap((server) => server.evidence);
    if (failing.length === 0) return rejected(say("noneFails"), evidence);
    if (names.decidedBy !== null) return rejected(say("anotherAnswers"), evidence);
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
