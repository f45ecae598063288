// A server of resolv.conf is reachable and does not serve: REFUSED, or nothing listens on its port.

import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
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
  judge: ({ dns: names }, { servers }) => {
    const refusing = servers.filter(({ status }) => status === "refuses");
    const evidence = servers.flatMap((server) => server.evidence);
    if (refusing.length === 0) return rejected(say("noneRefuses"), evidence);
    if (names.outcome === "ok") {
      return rejected(say("anotherAnswers"), evidence);
    }
    return fires({
      confidence: "exact",
      segment: "resolver",
      between: null,
      direction: null,
      summary: say("found", {
        servers: refusing.map(({ server, reported }) => ({ server, reported })),
      }),
      evidence: refusing.flatMap((server) => server.evidence),
      fixes: [],
    });
  },
});
