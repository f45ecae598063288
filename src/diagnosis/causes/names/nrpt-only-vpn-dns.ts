// The right name servers stand only in Windows' NRPT, which the distro never reads.

import type { ServerFacts } from "../../../facts/dns/dns.ts";
import { forgeryOf } from "../../../facts/dns/forgery.ts";
import type { Facts } from "../../../facts/facts.ts";
import { type NrptAnswer, nrptFor } from "../../../host/dns.ts";
import { cause } from "../../cause.ts";
import { resolvConfFixes } from "../../fixes.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (names.literal) return notChecked(say("addressGiven"));
    if (names.outcome === "not-asked") return notChecked(say("noResolverQueried"));
    if (names.outcome === "ok") {
      const { server, evidence } = names.decidedBy ?? { server: null, evidence: [] };
      return rejected(say("ownResolves", { server }), evidence);
    }
    const forgery = names.decidedBy === null ? null : forgeryOf(path, names.decidedBy.server);
    if (forgery?.kind === "proven") {
      return rejected(say("forged"), forgery.evidence);
    }
    const snapshot = path.host?.snapshot ?? null;
    if (snapshot === null) {
      return notChecked(say("noNrpt", { reason: path.host?.reason ?? null }));
    }
    return judgeTable(facts, nrptFor(snapshot, path.run?.target.host ?? ""));
  },
});

/** Names fail: do the servers that Windows has for this name give what resolv.conf's do not? */
function judgeTable(facts: Facts, nrpt: NrptAnswer) {
  const { dns: names, path } = facts;
  if (!nrpt.known) return notChecked(say("noNrpt", { reason: nrpt.reason }));
  const name = path.run?.target.host ?? "";
  const rule = nrpt.rules[0];
  const host = path.host === null ? [] : [path.host.id];
  if (rule === undefined || rule.servers.length === 0) {
    return rejected(say("noRule", { name }), host);
  }
  const answering = names.hostOnly.filter(
    ({ server, status }) => rule.servers.includes(server) && status === "answers",
  );
  if (answering.length === 0) {
    return rejected(
      say("nobodyAnswers", { servers: reportsOf(rule.servers, names.hostOnly) }),
      host,
    );
  }
  const servers = answering.map(({ server }) => server);
  return fires({
    confidence: "measured",
    segment: "resolver",
    between: null,
    direction: null,
    summary: say("found", {
      servers,
      name,
      namespace: rule.namespace,
      file: path.resolverConfig?.path ?? null,
      configured: names.configured.map(({ server, reported }) => ({ server, reported })),
    }),
    evidence: [
      ...answering.flatMap(({ evidence }) => evidence),
      ...names.configured.flatMap(({ evidence }) => evidence),
      ...host,
    ],
    fixes: resolvConfFixes(servers),
  });
}

/** What each server came to; null where it was not asked. */
function reportsOf(servers: readonly string[], asked: readonly ServerFacts[]) {
  return servers.map((server) => {
    const facts = asked.find((candidate) => candidate.server === server);
    return { server, reported: facts?.reported ?? null };
  });
}
