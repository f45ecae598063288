// The host's DNS proxy answers over UDP and never over TCP: answers that do not fit into a datagram are lost.

import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsProxyUdpOnly = cause({
  id: "dns-proxy-udp-only",
  area: "wsl-dns",
  title: "The host's DNS proxy is silent over TCP, which larger answers need",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["dns-large-answer-lost", "dns-server-unreachable"],
  needs: ["hostProxy"],
  judge: ({ dns: names, path }, { hostProxy: proxy }) => {
    const { replies } = proxy;
    const tcp = replies.filter(({ transport }) => transport === "tcp");
    const udp = replies.filter(({ transport }) => transport === "udp");
    if (tcp.length === 0) return notChecked(say("noTcpQuery"));
    if (!udp.some(({ outcome }) => outcome.kind === "answer")) {
      return rejected(say("noUdpAnswer"), proxy.evidence);
    }
    // A refusal is no firewall drop: nothing listens there.
    if (tcp.some(({ outcome }) => outcome.kind !== "no-reply")) {
      return rejected(say("tcpReplies"), proxy.evidence);
    }
    const needed = proxy.status === "cut";
    const works = names.outcome === "ok";
    return atResolver({
      severity: needed ? (works ? "warning" : "fault") : "note",
      confidence: "measured",
      summary: say("found", { proxy: proxy.server, needed, host: path.run?.target.host }),
      evidence: proxy.evidence.slice(),
      fixes: tunnelFixes(path),
    });
  },
});
