// The host's DNS proxy is silent, and the firewall's policy ignores the local rule that opens it.

import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { switchFixes } from "../../switch-fixes.ts";
import { say } from "../../words.ts";

export const dnsProxyBlockedByLocalFirewall = cause({
  id: "dns-proxy-blocked-by-local-firewall",
  area: "wsl-dns",
  title: "Windows' firewall keeps the distro from the host's DNS proxy, by policy",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["no-default-route", "gateway-unreachable"],
  differentialCauses: ["dns-server-unreachable", "hns-dns-rule-stale", "gateway-unreachable"],
  needs: ["silentProxy"],
  judge: (facts, { silentProxy }) => {
    const policy = publicPolicy(facts);
    if (policy.kind !== "met") return policy;
    if (policy.value === null) {
      return rejected(say("localRulesApply"), hostEvidence(facts.path));
    }
    const { proxy, working } = silentProxy;
    return atResolver({
      severity: facts.dns.outcome === "ok" ? "warning" : "fault",
      confidence: "inferred",
      summary: say("found", {
        proxy: { server: proxy.server, reported: proxy.reported },
        working: working.server,
        policy: policy.value,
      }),
      evidence: [...proxy.evidence, ...working.evidence, ...hostEvidence(facts.path)],
      fixes: [...tunnelFixes(facts.path), ...switchFixes(facts)],
    });
  },
});

/**
 * How the Public profile closes the port; null where it does not. WSL's switch is in that profile
 * (MicrosoftDocs/WSL, troubleshooting).
 */
function publicPolicy(facts: Facts) {
  const snapshot = meet(facts, "snapshot");
  if (snapshot.kind !== "met") return snapshot;
  const source = readHost(snapshot.value).firewallProfiles;
  const why = whyUnread(source);
  const rows = source.state === "rows" ? source.rows : [];
  const profile = rows.find(({ name }) => name.toLowerCase() === "public");
  if (why !== null || profile === undefined) {
    return notChecked(say("noProfile", { reason: why }));
  }
  if (profile.enabled === false) return met(null);
  if (profile.allowInboundRules === false) {
    return met("blocks-inbound" as const);
  }
  return met(profile.allowLocalRules === false ? ("ignores-local-rules" as const) : null);
}
