// The host's DNS proxy is silent, and the firewall's policy ignores the local rule that opens it.

import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { proxySilence } from "../../host-proxy.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { switchFixes } from "../../switch-fixes.ts";

export const dnsProxyBlockedByLocalFirewall = cause({
  id: "dns-proxy-blocked-by-local-firewall",
  area: "wsl-dns",
  title: "Windows' firewall keeps the distro from the host's DNS proxy, by policy",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["no-default-route", "gateway-unreachable"],
  differentialCauses: ["dns-server-unreachable", "hns-dns-rule-stale", "gateway-unreachable"],
  judge: (facts) => {
    const closed = proxySilence(facts);
    if (closed.kind !== "silent") return closed;
    const policy = publicPolicy(facts);
    if (policy.kind === "open") return notChecked(policy.reason);
    if (policy.words === null) {
      return rejected("the Public profile applies local rules", hostEvidence(facts.path));
    }
    const { proxy, working } = closed;
    return atResolver({
      severity: facts.dns.outcome === "ok" ? "warning" : "fault",
      confidence: 0.9,
      summary: `${proxy.server}, the host's DNS proxy, ${proxy.reported}, while ${working.server} replies from here; ${policy.words}, so the rule that opens UDP port 53 to the distro has no effect`,
      evidence: [...proxy.evidence, ...working.evidence, ...hostEvidence(facts.path)],
      fixes: [...tunnelFixes(facts.path), ...switchFixes(facts)],
    });
  },
});

type Policy =
  | { readonly kind: "known"; readonly words: string | null }
  | { readonly kind: "open"; readonly reason: string };

/** WSL's switch is in the Public profile (MicrosoftDocs/WSL, troubleshooting). */
function publicPolicy({ path }: Facts): Policy {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) {
    return { kind: "open", reason: path.host?.reason ?? "there is no host snapshot" };
  }
  const source = readHost(snapshot).firewallProfiles;
  const why = whyUnread(source);
  const rows = source.state === "rows" ? source.rows : [];
  const profile = rows.find(({ name }) => name.toLowerCase() === "public");
  if (why !== null || profile === undefined) {
    return { kind: "open", reason: why ?? "the snapshot holds no Public profile" };
  }
  if (profile.enabled === false) return { kind: "known", words: null };
  if (profile.allowInboundRules === false) {
    return {
      kind: "known",
      words: "the Public profile blocks all inbound traffic (AllowInboundRules False)",
    };
  }
  const ignores = profile.allowLocalRules === false;
  const words = "the Public profile ignores local rules (AllowLocalFirewallRules False)";
  return { kind: "known", words: ignores ? words : null };
}
