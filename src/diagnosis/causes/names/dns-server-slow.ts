// The server whose answer a program waits for takes more than a second.

import { checksOf } from "../../../facts/dns/checks.ts";
import type { ServerFacts } from "../../../facts/dns/dns.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { askFirstFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsServerSlow = cause({
  id: "dns-server-slow",
  area: "names",
  title: "A name server takes more than a second for its answers",
  segment: "resolver",
  severity: "warning",
  direction: null,
  dependsOn: ["dns-proxy-stalls", "dns-tunneling-local-delay", "nrpt-only-vpn-dns"],
  differentialCauses: ["dns-server-unreachable", "dns-v6-query-delay", "dns-proxy-stalls"],
  needs: ["servers"],
  judge: ({ dns: names, path }) => {
    const server = names.decidedBy;
    if (server === null || server.origin !== "resolv.conf") return notChecked(say("noneDecides"));
    const own = repliesOf(path, server);
    const times = own.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]));
    const evidence = own.map(({ id }) => id);
    if (times.length === 0 || times.length < own.length) return rejected(say("half"), evidence);
    const fastestMs = Math.min(...times);
    if (fastestMs < SLOW_MS) return rejected(say("inTime"), evidence);
    const again = checksOf(path, "again", server.server);
    const isQuickNow = again.some(
      ({ outcome, rttMs }) => outcome.kind === "answer" && (rttMs ?? SLOW_MS) < SLOW_MS,
    );
    if (isQuickNow && fastestMs < RECURSION_MS) return rejected(say("looksItUp"), evidence);
    // One may be a lost datagram.
    if (own.length + again.length < MIN_QUERIES) return notChecked(say("once"));
    const quick = names.configured.find(
      (one) =>
        one.status === "answers" &&
        repliesOf(path, one).every(({ rttMs }) => (rttMs ?? SLOW_MS) < SLOW_MS),
    );
    return atResolver({
      severity: "warning",
      confidence: "measured",
      summary: say("found", {
        server: server.server,
        fastestMs,
        slowestMs: Math.max(...times),
        quick: quick?.server ?? null,
      }),
      evidence: [...evidence, ...again.map(({ id }) => id)],
      fixes: askFirstFixes(quick?.server ?? null),
    });
  },
});

/** What a user feels as a delay of its own; datagrams are repeated before, so that one lost is no slow server. */
const SLOW_MS = 1000;
/** A name that the server has to look up itself takes it a second at times, and is in its cache afterwards. */
const RECURSION_MS = 2500;

const MIN_QUERIES = 2;

/** Over the transport that a program uses. */
function repliesOf({ resolverConfig }: Path, { replies }: ServerFacts): ServerFacts["replies"] {
  const wanted = resolverConfig?.options?.useVc === true ? "tcp" : "udp";
  return replies.filter(({ transport }) => transport === wanted);
}
