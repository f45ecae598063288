// A server of resolv.conf gives no answer at all.

import { lostAnswer } from "../../../facts/dns/answer-sizes.ts";
import { askedBefore } from "../../../facts/dns/asked-before.ts";
import type { ServerFacts } from "../../../facts/dns/dns.ts";
import { ednsDropped } from "../../../facts/dns/edns.ts";
import { negativeAnswers } from "../../../facts/dns/negative-answers.ts";
import { isRefusedHere } from "../../../facts/dns/refused-here.ts";
import { resolverReach } from "../../../facts/dns/resolver-path.ts";
import type { Facts } from "../../../facts/facts.ts";
import { nameOnHost } from "../../../facts/reach/both-vantages.ts";
import { guestView } from "../../../facts/reach/path-host.ts";
import type { ReachFacts } from "../../../facts/reach/reach.ts";
import { hostAdapters } from "../../../host/adapters.ts";
import { cause } from "../../cause.ts";
import { askFirstFixes, tunnelFixes } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";
import { NO_ADDRESS_OF_WSL, WINDOWS_FILTERS, WRONG_SERVERS } from "../groups.ts";

export const dnsServerUnreachable = cause({
  id: "dns-server-unreachable",
  area: "names",
  title: "A configured name server does not answer at all",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [
    "nrpt-only-vpn-dns",
    "resolvconf-missing-or-dangling",
    "vpn-metric-steals-wsl-subnet",
    "vpn-more-specific-route",
    "nat-subnet-overlap",
    "vpn-client-inside-wsl",
    "mirrored-routes-lost",
    "globalprotect-explicit-proxy-or-dns",
    ...WRONG_SERVERS,
    "dns-proxy-blocked-by-local-firewall",
    "hns-dns-rule-stale",
    ...WINDOWS_FILTERS,
    "resume-from-sleep",
    "dns-tunneling-local-delay",
    "no-default-route",
    "gateway-unreachable",
    ...NO_ADDRESS_OF_WSL,
  ],
  dependsOnResolverPath: [
    "routing-loop",
    "admin-prohibited",
    "upstream-unreachable",
    "nothing-answers",
  ],
  differentialCauses: ["nrpt-only-vpn-dns", "dns-server-refuses", "no-default-route"],
  needs: ["servers"],
  judge: (facts, { servers }) => {
    const { dns: names } = facts;
    // Silent over UDP for the size of its answer alone: dns-large-answer-lost.
    const dead = servers.filter(
      ({ status, server, replies }) =>
        (status === "silent" || (status === "unreachable" && !replies.every(isRefusedHere))) &&
        lostAnswer(facts.path, server) === null &&
        ednsDropped(facts.path, server) === null &&
        negativeAnswers(facts.path, server) === null,
    );
    const evidence = servers.flatMap((server) => server.evidence);
    if (dead.length === 0) return rejected(say("allAnswer"), evidence);
    const works = names.outcome === "ok";
    const host = works ? NOTHING : seenOnHost(facts);
    const resolver = resolverReach(facts.path);
    // Behind an answer nobody asks, a denial too.
    if (names.decidedBy !== null && !isInFront(facts)) {
      return rejected(say("afterOne"), evidence);
    }
    return fires({
      severity: works ? "warning" : "fault",
      confidence: "measured",
      segment: "resolver",
      between: null,
      direction: null,
      summary: say("found", {
        dead: dead.map((one) => ({
          server: one.server,
          reported: one.reported,
          answersOthers: answersOthers(facts, one),
        })),
        next: works ? (names.decidedBy?.server ?? null) : null,
        path: pathOf(resolver),
        vpn: vpnBesides(facts),
        host: host.words,
      }),
      evidence: [
        ...dead.flatMap((server) => server.evidence),
        ...[resolver?.alive?.id, resolver?.farthest?.id].filter((id) => id !== undefined),
        ...host.evidence,
      ],
      fixes: [
        ...askFirstFixes(nextOf(facts)),
        ...(meet(facts, "silentProxy").kind === "met" ? tunnelFixes(facts.path) : []),
      ],
    });
  },
});

/**
 * The VPNs that are up in Windows while its DNS proxy alone is silent to the distro, and the same host forwards to other
 * servers: clients of VPNs have filters of their own, which Windows' firewall does not list.
 */
function vpnBesides(facts: Facts): readonly string[] {
  const { path } = facts;
  if (meet(facts, "silentProxy").kind !== "met" || path.host?.snapshot == null) return [];
  return hostAdapters(path.host.snapshot, guestView(path)).flatMap(({ kind, up, name }) =>
    kind === "vpn" && up !== false ? [name] : [],
  );
}

/** The server whose answer the run goes on with. */
function nextOf({ dns: names }: Facts): string | null {
  const { decidedBy } = names;
  if (decidedBy?.status === "answers") return decidedBy.server;
  return names.hostOnly.find(({ status }) => status === "answers")?.server ?? null;
}

/** Silent for this name or its type alone: it is up, and something drops that query. */
function answersOthers({ path }: Facts, { server }: ServerFacts): boolean {
  return [...path.dns, ...path.dnsChecks].some(
    (one) => one.server === server && one.outcome.kind === "answer",
  );
}

/** How far packets to it get, where that was traced. */
function pathOf(resolver: ReachFacts | null) {
  if (resolver === null) return null;
  const { alive, address, farthest } = resolver;
  return {
    alive: alive === null ? null : address,
    farthest: farthest === null ? null : { ttl: farthest.ttl, from: farthest.from },
  };
}

const NOTHING = { words: null, evidence: [] } as const;

/** What Windows makes of the name; else whether a server that only Windows names is reached from here. */
function seenOnHost(facts: Facts) {
  const reported = nameOnHost(facts.path);
  if (reported.words !== "") {
    return { words: { reported: reported.words, server: null }, evidence: reported.evidence };
  }
  const other = facts.dns.hostOnly.find(({ status }) => status === "answers");
  if (other === undefined) return NOTHING;
  return { words: { reported: null, server: other.server }, evidence: other.evidence };
}

/** Only a silent server in front of the one that answers costs a program time. */
function isInFront({ path }: Facts): boolean {
  return askedBefore(path).some(({ status }) => status === "silent" || status === "unreachable");
}
