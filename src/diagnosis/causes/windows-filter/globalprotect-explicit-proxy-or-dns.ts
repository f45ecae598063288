// GlobalProtect is up, and of the name servers that the distro could ask, those of the VPN alone answer.

import { replies } from "../../../facts/dns/dns.ts";
import { guestView, hostEvidence } from "../../../facts/reach/path-host.ts";
import { vpnAdapters } from "../../../host/vpn.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { resolvConfFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** As its adapter calls itself: "PANGP Virtual Ethernet Adapter". */
const PRODUCT = /pangp|globalprotect/i;

export const globalprotectExplicitProxyOrDns = cause({
  id: "globalprotect-explicit-proxy-or-dns",
  area: "windows-filter",
  title: "GlobalProtect lets the distro ask the VPN's own name servers alone",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns", "no-default-route", "gateway-unreachable"],
  differentialCauses: [
    "resolvconf-manual-stale",
    "dns-server-unreachable",
    "nrpt-only-vpn-dns",
    "proxy-localhost-not-mirrored",
  ],
  needs: ["servers", "snapshot"],
  judge: ({ path, dns: names }, { servers: configured, snapshot }) => {
    const host = hostEvidence(path);
    const vpns = vpnAdapters(snapshot, guestView(path));
    const adapter = vpns.find((one) => PRODUCT.test(`${one.name} ${one.description ?? ""}`));
    if (adapter === undefined) return rejected(say("noGlobalProtect"), host);
    const own = new Set(adapter.dnsServers);
    const others = configured.filter(({ server }) => !own.has(server));
    const answered = others.find(replies);
    if (answered !== undefined) {
      return rejected(say("othersAnswer", { server: answered.server }), answered.evidence);
    }
    const silent = others.filter(({ status }) => status === "silent");
    if (silent.length === 0) return rejected(say("noneSilent"), []);
    const working = [...configured, ...names.hostOnly].filter(
      (one) => own.has(one.server) && replies(one),
    );
    const [first] = working;
    if (first === undefined) return notChecked(say("ownSilent", { adapter: adapter.name }));
    return atResolver({
      severity: names.outcome === "ok" ? "warning" : "fault",
      // The silent servers may be down of themselves.
      confidence: aged(path, "inferred"),
      summary: say("found", {
        adapter: adapter.name,
        silent: silent.map(({ server }) => server),
        working: first.server,
      }),
      evidence: [...silent.flatMap(({ evidence }) => evidence), ...first.evidence, ...host],
      fixes: resolvConfFixes(working.map(({ server }) => server)),
    });
  },
});
