// One of the two queries of every look-up (A, AAAA) is unanswered.

import { lostAnswer } from "../../../facts/dns/answer-sizes.ts";
import { checksOf } from "../../../facts/dns/checks.ts";
import type { Seen } from "../../../model/seen.ts";
import type { DnsReply } from "../../../schema/events/dns-replies.ts";
import { cause } from "../../cause.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (server === null || server.origin !== "resolv.conf") {
      return notChecked(say("noneDecides"));
    }
    const udp = server.replies.filter(({ transport }) => transport === "udp");
    const [a, aaaa] = [udp.find(isOf("A")), udp.find(isOf("AAAA"))];
    if (a === undefined || aaaa === undefined) return notChecked(say("oneType"));
    const silent = [a, aaaa].find(({ outcome }) => outcome.kind === "no-reply");
    const answered = [a, aaaa].find(({ outcome }) => outcome.kind === "answer");
    if (silent === undefined || answered === undefined) {
      return rejected(say("bothAnswered"), [a.id, aaaa.id]);
    }
    if (lostAnswer(path, server.server) !== null) {
      return rejected(say("lostForSize"), [silent.id]);
    }
    // One datagram may be lost; three in turn, while the other question's answer came, hardly.
    if (silent.sent < MIN_SENT) return notChecked(say("tooFewRepeats"));
    const [other] = checksOf(path, "again", server.server);
    const [together] = checksOf(path, "together", server.server);
    if (other?.outcome.kind === "answer") {
      const evidence = [silent.id, other.id];
      if (together?.outcome.kind !== "no-reply") {
        return rejected(say("answeredLater"), evidence);
      }
      return onePortOnly(server.server, answered, silent, [...evidence, together.id]);
    }
    return atResolver({
      severity: "warning",
      confidence: other === undefined ? "inferred" : "measured",
      summary: say("found", {
        server: server.server,
        answered: answered.type,
        silent: silent.type,
        name: silent.name,
        sent: silent.sent,
        again: other !== undefined,
      }),
      evidence: [answered.id, silent.id, ...(other === undefined ? [] : [other.id])],
      fixes: silent.type === "AAAA" && path.resolverConfig?.libc !== "musl" ? NO_AAAA : [],
    });
  },
});

/** Silent twice behind the other query from one port, answered alone: something takes two queries for one flow. */
function onePortOnly(
  server: string,
  answered: DnsReply,
  silent: Seen<DnsReply>,
  evidence: readonly string[],
) {
  return atResolver({
    severity: "warning",
    confidence: "measured",
    summary: say("onePort", {
      server,
      answered: answered.type,
      silent: silent.type,
      name: silent.name,
    }),
    evidence: [...evidence],
    fixes: SEPARATE_SOCKETS,
  });
}

const NO_AAAA = [
  {
    where: "linux",
    title: say("fourOnly"),
    commands: ["echo 'options no-aaaa' | sudo tee -a /etc/resolv.conf"],
    persistent: false,
  },
] as const;

const SEPARATE_SOCKETS = [
  {
    where: "linux",
    title: say("oneByOne"),
    commands: ["echo 'options single-request-reopen timeout:1' | sudo tee -a /etc/resolv.conf"],
    persistent: false,
  },
] as const;

const MIN_SENT = 3;

function isOf(wanted: DnsReply["type"]) {
  return ({ type }: Seen<DnsReply>) => type === wanted;
}
