// A server answers for names that exist and is silent where it would have to say that there is none.

import { checksOf } from "../../../facts/dns/checks.ts";
import { type NegativeAnswers, negativeAnswers } from "../../../facts/dns/negative-answers.ts";
import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsNegativeAnswerLost = cause({
  id: "dns-negative-answer-lost",
  area: "names",
  title: "A name server is silent for names that do not exist",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns"],
  differentialCauses: ["dns-server-unreachable", "dns-name-does-not-exist", "dns-suffix-missing"],
  needs: ["nameQuery"],
  judge: ({ path }, { nameQuery: names }) => {
    const servers = [...new Set(names.configured.map(({ server }) => server))];
    const lost = servers.flatMap((server): readonly NegativeAnswers[] => {
      const found = negativeAnswers(path, server);
      return found === null ? [] : [found];
    });
    const [first] = lost;
    if (first === undefined) {
      const checks = checksOf(path, "control");
      return rejected(
        say("otherwise"),
        checks.map(({ id }) => id),
      );
    }
    return atResolver({
      severity: names.outcome === "ok" ? "warning" : "fault",
      confidence: "measured",
      summary: say("found", {
        servers: lost.map(({ server, silentFor, answersFor }) => ({
          server,
          silentFor,
          answersFor,
        })),
        resolves: names.outcome === "ok",
      }),
      evidence: lost.flatMap(({ evidence }) => evidence),
      fixes: first.isTunnel ? [] : tunnelFixes(path),
    });
  },
});
