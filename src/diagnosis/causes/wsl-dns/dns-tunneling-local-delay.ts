// The tunnel is silent for a short or ".local" name alone: Windows queries its link for that one, without an answer.

import { checksOf } from "../../../facts/dns/checks.ts";
import { cause } from "../../cause.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const dnsTunnelingLocalDelay = cause({
  id: "dns-tunneling-local-delay",
  area: "wsl-dns",
  title: "Short and .local names time out in WSL's DNS tunnel",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [],
  differentialCauses: ["dns-server-unreachable", "dns-suffix-missing"],
  needs: ["tunnel"],
  judge: ({ dns: names, path }, { tunnel }) => {
    const own = path.dns.filter(({ server, name }) => server === tunnel && isLocal(name));
    if (own.length === 0) return rejected(say("noLocalName"));
    const slow = own.filter(
      ({ transport, outcome, rttMs }) =>
        transport === "udp" && (outcome.kind === "no-reply" || (rttMs ?? 0) >= SLOW_MS),
    );
    const evidence = own.map(({ id }) => id);
    if (slow.length < own.filter(({ transport }) => transport === "udp").length) {
      return rejected(say("inTime"), evidence);
    }
    const quick = [
      ...checksOf(path, "control"),
      ...path.dns.filter(({ name, transport }) => !isLocal(name) && transport === "udp"),
    ].find(
      ({ server, outcome, rttMs }) =>
        server === tunnel && outcome.kind === "answer" && (rttMs ?? SLOW_MS) < SLOW_MS,
    );
    if (quick === undefined) {
      return notChecked(say("noneQuick"));
    }
    const name = slow[0]?.name ?? "";
    return atResolver({
      severity: names.outcome === "ok" ? "warning" : "fault",
      confidence: "measured",
      summary: say("found", { tunnel, name, slowMs: SLOW_MS }),
      evidence: [...slow.map(({ id }) => id), quick.id],
      fixes: [
        {
          where: "linux",
          title: say("shorten"),
          commands: ["echo 'options timeout:1 attempts:1' | sudo tee -a /etc/resolv.conf"],
          persistent: false,
        },
      ],
    });
  },
});

/** Every first answer of a live tunnel comes sooner. */
const SLOW_MS = 1500;

/** Names that Windows queries on its link: a single label, or the domain of mDNS (RFC 6762 s.3). */
function isLocal(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain !== "" && (!plain.includes(".") || plain.endsWith(".local"));
}
