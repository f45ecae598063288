// A name server's answer needs TCP, and TCP to it does not work.

import { cause } from "../../cause.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsTcpBlocked = cause({
  id: "dns-tcp-blocked",
  area: "names",
  title: "A name server's answer needs TCP, and TCP to it does not get through",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["dns-proxy-udp-only"],
  differentialCauses: ["dns-large-answer-lost", "dns-server-unreachable", "nrpt-only-vpn-dns"],
  needs: ["servers"],
  judge: ({ dns: names }, { servers }) => {
    const cut = servers.filter(({ status }) => status === "cut");
    if (cut.length === 0) {
      return rejected(
        say("noneFailed"),
        servers.flatMap(({ evidence }) => evidence),
      );
    }
    const works = names.outcome === "ok";
    return fires({
      severity: works ? "warning" : "fault",
      confidence: "measured",
      segment: "resolver",
      between: null,
      direction: null,
      summary: say("found", {
        servers: cut.map(({ server, reported }) => ({ server, reported })),
        other: works ? (names.decidedBy?.server ?? null) : null,
      }),
      evidence: cut.flatMap(({ evidence }) => evidence),
      fixes: [],
    });
  },
});
