// The host's DNS proxy takes seconds for what another server answers at once.

import type { ServerFacts } from "../../../facts/dns/dns.ts";
import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsProxyStalls = cause({
  id: "dns-proxy-stalls",
  area: "wsl-dns",
  title: "The host's DNS proxy takes seconds for each query",
  segment: "resolver",
  severity: "warning",
  direction: null,
  dependsOn: [],
  differentialCauses: ["dns-server-unreachable", "dns-v6-query-delay"],
  needs: ["hostProxy"],
  judge: ({ dns: names, path }, { hostProxy: proxy }) => {
    const own = overUdp(proxy);
    const answered = own.filter(({ outcome }) => outcome.kind === "answer");
    if (answered.length < MIN_ANSWERS) {
      return rejected(say("tooFewAnswers"), proxy.evidence);
    }
    // Each question took so long: a lost datagram delays one of them.
    const fastest = Math.min(...own.map(({ rttMs }) => rttMs ?? Number.POSITIVE_INFINITY));
    if (fastest < SLOW_MS) return rejected(say("inTime"), proxy.evidence);
    const others = [...names.configured, ...names.hostOnly].filter((one) => one !== proxy);
    const quick = others.find((one) => {
      const replies = overUdp(one).filter(({ outcome }) => outcome.kind === "answer");
      return replies.length > 0 && replies.every(({ rttMs }) => (rttMs ?? SLOW_MS) < QUICK_MS);
    });
    if (quick === undefined) {
      return notChecked(say("noneQuick"));
    }
    return atResolver({
      severity: "warning",
      confidence: "measured",
      summary: say("found", {
        proxy: proxy.server,
        fastestMs: fastest,
        quick: quick.server,
        quickMs: quick.rttMs ?? 0,
      }),
      evidence: [...proxy.evidence, ...quick.evidence],
      fixes: [
        {
          where: "windows",
          title: say("restart"),
          commands: ["wsl --shutdown"],
          persistent: false,
        },
        ...tunnelFixes(path),
      ],
    });
  },
});

/** A recursive resolver needs less, and its answer is repeated from 400 ms on. */
const SLOW_MS = 1000;
const QUICK_MS = 300;
/** A and AAAA: one that is slow may be a lost datagram. */
const MIN_ANSWERS = 2;

function overUdp({ replies }: ServerFacts): ServerFacts["replies"] {
  return replies.filter(({ transport }) => transport === "udp");
}
