// Answers above some size do not come over UDP, while smaller ones of the same server do.

import { lostAnswer } from "../../../facts/dns/answer-sizes.ts";
import { checksOf } from "../../../facts/dns/checks.ts";
import type { Facts } from "../../../facts/facts.ts";
import { cause } from "../../cause.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsLargeAnswerLost = cause({
  id: "dns-large-answer-lost",
  area: "names",
  title: "A name server's larger answers are lost over UDP, while small ones pass",
  segment: "resolver",
  severity: "fault",
  direction: "inbound",
  dependsOn: [],
  differentialCauses: ["dns-tcp-blocked", "dns-server-unreachable"],
  needs: ["servers"],
  judge: (facts, { servers: configured }) => {
    const { dns: names, path } = facts;
    const servers = [...configured, ...names.behindStub].map(({ server }) => server);
    const lost = servers.flatMap((server) => {
      const found = lostAnswer(path, server);
      return found === null ? [] : [{ server, ...found }];
    });
    const [first] = lost;
    if (first === undefined) return nothingLost(facts, servers); // A resolver without EDNS accepts 512 bytes and falls back to TCP: the loss does not affect it.
    const works = names.outcome === "ok";
    return fires({
      severity: works ? "warning" : "fault",
      confidence: "measured",
      segment: "resolver",
      between: null,
      direction: "inbound",
      summary: say("found", { lost: lost.map(({ evidence: _, ...sizes }) => sizes) }),
      evidence: lost.flatMap(({ evidence }) => evidence),
      fixes: [],
    });
  },
});

function nothingLost({ path }: Facts, servers: readonly string[]) {
  const sizes = checksOf(path, "size").filter(
    ({ server, transport, outcome }) =>
      servers.includes(server) &&
      transport === "udp" &&
      outcome.kind === "answer" &&
      (outcome.sizeBytes ?? 0) > PLAIN_BYTES,
  );
  if (sizes.length === 0) return notChecked(say("noLargeQuery", { bytes: PLAIN_BYTES }));
  return rejected(
    say("largePass", { bytes: PLAIN_BYTES }),
    sizes.map(({ id }) => id),
  );
}

/** What a question without EDNS allows (RFC 1035 s.4.2.1). */
const PLAIN_BYTES = 512;
