// The host's DNS proxy is silent, and the firewall rule that opens it names an interface that is no more.

import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { readHost } from "../../../host/host.ts";
import { whyUnread } from "../../../host/sources.ts";
import { cause } from "../../cause.ts";
import { tunnelFixes } from "../../fixes.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { renewHnsFixes } from "../../switch-fixes.ts";
import { asReported, say } from "../../words.ts";

export const hnsDnsRuleStale = cause({
  id: "hns-dns-rule-stale",
  area: "wsl-dns",
  title: "The firewall rule for the host's DNS proxy names an interface that is gone",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["dns-proxy-blocked-by-local-firewall", "no-default-route", "gateway-unreachable"],
  differentialCauses: ["dns-proxy-blocked-by-local-firewall", "dns-server-unreachable"],
  needs: ["silentProxy"],
  judge: (facts, { silentProxy }) => {
    const { path, relation } = facts;
    const snapshot = path.host?.snapshot ?? null;
    if (snapshot === null || relation?.kind !== "nat") {
      return notChecked(say("noSwitch", { reason: path.host?.reason ?? null }));
    }
    const source = readHost(snapshot).firewallRules;
    const why = whyUnread(source);
    if (why !== null) return notChecked(asReported({ reason: why }));
    const rules = source.state === "rows" ? source.rows.filter(({ opensDns }) => opensDns) : [];
    if (rules.length === 0) return notChecked(say("noRule"));
    const own = relation.adapter.name.toLowerCase();
    const open = rules.filter(({ enabled }) => enabled !== false);
    if (open.some((rule) => rule.interfaces.length === 0 || rule.interfaces.includes(own))) {
      return rejected(say("opens", { adapter: relation.adapter.name }), hostEvidence(path));
    }
    const named = [...new Set(rules.flatMap(({ interfaces }) => interfaces))];
    const { proxy, working } = silentProxy;
    return atResolver({
      severity: facts.dns.outcome === "ok" ? "warning" : "fault",
      confidence: "inferred",
      summary: say("found", {
        proxy: { server: proxy.server, reported: proxy.reported },
        working: working.server,
        named,
        adapter: relation.adapter.name,
      }),
      evidence: [...proxy.evidence, ...working.evidence, ...hostEvidence(path)],
      fixes: [...tunnelFixes(path), ...renewHnsFixes()],
    });
  },
});
