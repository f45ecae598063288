// One of the two queries of every look-up (A, AAAA) is unanswered.

import { lostAnswer } from "../../../facts/dns/answer-sizes.ts";
import { checksOf } from "../../../facts/dns/checks.ts";
import type { Seen } from "../../../model/seen.ts";
import type { DnsReply } from "../../../schema/events/dns-replies.ts";
import type { Fix } from "../../../schema/verdict.ts";
import { cause } from "../../cause.ts";
import { inferred, measured } from "../../confidence.ts";
import { atResolver, notChecked, type Outcome, rejected } from "../../outcome.ts";

export const dnsV6QueryDelay = cause({
  id: "dns-v6-query-delay",
  area: "names",
  title: "One of the two queries of each look-up (A, AAAA) is never answered",
  segment: "resolver",
  severity: "warning",
  direction: null,
  dependsOn: ["dns-large-answer-lost"],
  differentialCauses: ["dns-server-unreachable", "dns-large-answer-lost", "dns-proxy-stalls"],
  needs: [],
  judge: ({ dns: names, path }) => {
    const server = names.decidedBy;
    if (server === null || server.origin === "hosts-file") {
      return notChecked("no server's answer decides");
    }
    const udp = server.replies.filter(({ transport }) => transport === "udp");
    const [a, aaaa] = [udp.find(isOf("A")), udp.find(isOf("AAAA"))];
    if (a === undefined || aaaa === undefined) return notChecked("only one type was queried");
    const silent = [a, aaaa].find(({ outcome }) => outcome.kind === "no-reply");
    const answered = [a, aaaa].find(({ outcome }) => outcome.kind === "answer");
    if (silent === undefined || answered === undefined) {
      return rejected("both queries of a look-up are answered", [a.id, aaaa.id]);
    }
    if (lostAnswer(path, server.server) !== null) {
      return rejected("the answer is lost for its size", [silent.id]);
    }
    // One datagram may be lost; three in turn, while the other question's answer came, hardly.
    if (silent.sent < MIN_SENT) return notChecked("the query was not repeated often enough");
    const [other] = checksOf(path, "again", server.server);
    const [together] = checksOf(path, "together", server.server);
    if (other?.outcome.kind === "answer") {
      const evidence = [silent.id, other.id];
      if (together?.outcome.kind !== "no-reply") {
        return rejected("the same query was answered later", evidence);
      }
      return onePortOnly(server.server, answered, silent, [...evidence, together.id]);
    }
    return atResolver({
      severity: "warning",
      confidence: other === undefined ? inferred(0.7) : measured(0.85),
      summary: `${server.server} answers for ${answered.type} and is silent for ${silent.type} of ${silent.name} (${silent.sent} datagrams${other === undefined ? "" : ", and again later"}): every look-up waits for both until its time-out, 5 s with the C library's defaults`,
      evidence: [answered.id, silent.id, ...(other === undefined ? [] : [other.id])],
      fixes: SEPARATE_SOCKETS,
    });
  },
});

/** Silent twice behind the other query from one port, answered alone: something takes two queries for one flow. */
function onePortOnly(
  server: string,
  answered: DnsReply,
  silent: Seen<DnsReply>,
  evidence: readonly string[],
): Outcome {
  return atResolver({
    severity: "warning",
    confidence: measured(0.9),
    summary: `${server} answers for ${silent.type} of ${silent.name} when asked alone, and is silent for it, twice, when ${answered.type} is asked from the same port, as the C library asks: every look-up waits for both until its time-out, 5 s with the C library's defaults`,
    evidence: [...evidence],
    fixes: SEPARATE_SOCKETS,
  });
}

const SEPARATE_SOCKETS: Fix[] = [
  {
    where: "linux",
    title:
      "Send the two queries one after the other, on separate sockets, until WSL rewrites the file",
    commands: ["echo 'options single-request-reopen timeout:1' | sudo tee -a /etc/resolv.conf"],
    persistent: false,
  },
];

const MIN_SENT = 3;

function isOf(wanted: DnsReply["type"]) {
  return ({ type }: Seen<DnsReply>) => type === wanted;
}
