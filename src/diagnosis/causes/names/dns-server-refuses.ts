// A server of resolv.conf is reachable and does not serve: REFUSED, or nothing listens on its port.

import { askedBefore } from "../../../facts/dns/asked-before.ts";
import { cause } from "../../cause.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { OTHERS_KNOW_NAMES } from "../groups.ts";

export const dnsServerRefuses = cause({
  id: "dns-server-refuses",
  area: "names",
  title: "A configured name server answers, and refuses to serve this machine",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [...OTHERS_KNOW_NAMES],
  differentialCauses: ["nrpt-only-vpn-dns", "dns-server-unreachable"],
  needs: ["servers"],
  judge: ({ dns: names, path }, { servers }) => {
    const refusing = servers.filter(({ status }) => status === "refuses");
    const evidence = servers.flatMap((server) => server.evidence);
    if (refusing.length === 0) return rejected(say("noneRefuses"), evidence);
    const works = names.outcome === "ok";
    const inVain = works ? askedBefore(path).filter((one) => refusing.includes(one)) : refusing;
    if (inVain.length === 0) return rejected(say("afterOne"), evidence);
    return atResolver({
      // A program goes on to the next server at once.
      severity: works ? "note" : "fault",
      confidence: "exact",
      summary: say("found", {
        servers: inVain.map(({ server, reported }) => ({ server, reported })),
        next: works ? (names.decidedBy?.server ?? null) : null,
      }),
      evidence: inVain.flatMap((server) => server.evidence),
    });
  },
});
