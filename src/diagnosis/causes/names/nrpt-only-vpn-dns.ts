// The right name servers stand only in Windows' NRPT, which the distro never reads.

import type { ServerFacts } from "../../../facts/dns/dns.ts";
import { forgeryOf } from "../../../facts/dns/forgery.ts";
import type { Facts } from "../../../facts/facts.ts";
import { type NrptAnswer, nrptFor } from "../../../host/dns.ts";
import { cause } from "../../cause.ts";
import { measured } from "../../confidence.ts";
import { resolvConfFixes } from "../../fixes.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";

export const nrptOnlyVpnDns = cause({
  id: "nrpt-only-vpn-dns",
  area: "names",
  title: "The VPN's name servers are only in Windows' NRPT, unused by the distro",
  segment: "resolver",
  severity: "fault",
  direction: null,
  // A server that has the name, and whose answer is lost or replaced, is the right server.
  dependsOn: ["dns-tcp-blocked", "dns-proxy-udp-only", "dns-large-answer-lost"],
  differentialCauses: [
    "dns-server-unreachable",
    "dns-server-refuses",
    "dns-name-does-not-exist",
    "resolvconf-missing-or-dangling",
    "no-default-route",
    "gateway-unreachable",
  ],
  needs: [],
  judge: (facts) => {
    const { dns: names, path } = facts;
    if (names.literal) return notChecked("an address was given, so no name was queried");
    if (names.outcome === "not-asked") return notChecked("no resolver was queried");
    if (names.outcome === "ok") {
      const { server, evidence } = names.decidedBy ?? { server: "the resolver", evidence: [] };
      return rejected(`${server} of the distro's own configuration resolves the name`, evidence);
    }
    const forgery = names.decidedBy === null ? null : forgeryOf(path, names.decidedBy.server);
    if (forgery?.kind === "proven") {
      return rejected(
        "the distro's server is queried, and another system answers",
        forgery.evidence,
      );
    }
    const snapshot = path.host?.snapshot ?? null;
    if (snapshot === null) {
      return notChecked(`the NRPT is not observable: ${path.host?.reason ?? "no host snapshot"}`);
    }
    return judgeTable(facts, nrptFor(snapshot, path.run?.target.host ?? ""));
  },
});

/** Names fail: do the servers that Windows has for this name give what resolv.conf's do not? */
function judgeTable(facts: Facts, nrpt: NrptAnswer): Outcome {
  const { dns: names, path } = facts;
  if (!nrpt.known) return notChecked(`the NRPT is not observable: ${nrpt.reason}`);
  const name = path.run?.target.host ?? "";
  const rule = nrpt.rules[0];
  const host = path.host === null ? [] : [path.host.id];
  if (rule === undefined || rule.servers.length === 0) {
    return rejected(`no NRPT rule with a server covers ${name}`, host);
  }
  const answering = names.hostOnly.filter(
    ({ server, status }) => rule.servers.includes(server) && status === "answers",
  );
  if (answering.length === 0) return rejected(nobodyAnswers(rule.servers, names.hostOnly), host);
  const servers = answering.map(({ server }) => server);
  const verbs = servers.length === 1 ? ["resolves", "stands"] : ["resolve", "stand"];
  return fires({
    confidence: measured(names.outcome === "failed" ? 0.98 : 0.92),
    segment: "resolver",
    between: null,
    direction: null,
    summary: `${servers.join(" and ")} ${verbs[0]} ${name}, and ${verbs[1]} only in Windows' NRPT (rule for "${rule.namespace}"), which the distro does not read; ${formatConfigured(facts)}`,
    evidence: [
      ...answering.flatMap(({ evidence }) => evidence),
      ...names.configured.flatMap(({ evidence }) => evidence),
      ...host,
    ],
    fixes: resolvConfFixes(servers),
  });
}

function nobodyAnswers(servers: readonly string[], asked: readonly ServerFacts[]): string {
  const reported = servers.map((server) => {
    const facts = asked.find((candidate) => candidate.server === server);
    return `${server} ${facts?.reported ?? "was not queried"}`;
  });
  return `the NRPT's servers do not resolve the name from here either: ${reported.join("; ")}`;
}

function formatConfigured({ dns: names, path }: Facts): string {
  if (names.configured.length === 0)
    return `${path.resolverConfig?.path ?? "resolv.conf"} names no server`;
  const reported = names.configured.map(({ server, reported: words }) => `${server} ${words}`);
  return `in ${path.resolverConfig?.path ?? "resolv.conf"} stand${reported.length === 1 ? "s" : ""}: ${reported.join("; ")}`;
}
