// The VPN's adapter has name servers, and WSL did not take it for a VPN: they stand too late in resolv.conf, or not at all.

import type { ServerFacts } from "../../../facts/dns/dns.ts";
import type { Facts } from "../../../facts/facts.ts";
import { guestView, hostEvidence } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { type HostAdapter, hostAdapters } from "../../../host/adapters.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { resolvConfFixes, tunnelFixes } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const resolvconfVpnNotRecognised = cause({
  id: "resolvconf-vpn-not-recognised",
  area: "resolver-file",
  title: "The VPN's name servers come too late in resolv.conf, or are missing",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns", "resolvconf-ipv6-crowds-out", "dns-suffix-missing"],
  differentialCauses: ["nrpt-only-vpn-dns", "dns-name-does-not-exist", "dns-server-unreachable"],
  needs: ["nameQuery", "resolver"],
  judge: (facts, { resolver }) => {
    const { path } = facts;
    if (resolver.kind !== "host-servers") {
      return rejected(say("otherServers"));
    }
    const snapshot = meet(facts, "snapshot");
    if (snapshot.kind !== "met") return snapshot;
    const vpns = hostAdapters(snapshot.value, guestView(path)).filter(
      ({ kind, up, dnsServers }) => kind === "vpn" && up !== false && dnsServers.length > 0,
    );
    const host = hostEvidence(path);
    if (vpns.length === 0) {
      return rejected(say("noVpnServers"), host);
    }
    return judgeAdapters(facts, vpns);
  },
});

function judgeAdapters(facts: Facts, vpns: readonly HostAdapter[]) {
  const { dns: names, path } = facts;
  const host = hostEvidence(path);
  const found = vpns.flatMap((adapter) => {
    const server = [...names.configured, ...names.hostOnly].find(
      (one) => one.status === "answers" && adapter.dnsServers.includes(one.server),
    );
    return server === undefined ? [] : [{ adapter, server }];
  });
  const [first] = found;
  if (first === undefined) {
    return rejected(say("vpnFailsToo"), host);
  }
  const { adapter, server } = first;
  const before = serversBefore(facts, server);
  if (before.length === 0) return rejected(say("comesFirst"), server.evidence);
  // A later server's answer costs the time-outs before it; after a denial it is never queried.
  const works = names.outcome === "ok";
  if (works && names.decidedBy?.server !== server.server) {
    return rejected(say("anotherResolves"), server.evidence);
  }
  const type = adapter.interfaceType;
  if (type !== null && RECOGNISED.includes(type)) {
    return rejected(say("recognised", { adapter: adapter.name, type }), host);
  }
  return atResolver({
    severity: works ? "warning" : "fault",
    confidence: aged(path, type === null ? "inferred" : "measured"),
    summary: say("found", {
      server: server.server,
      adapter: adapter.name,
      host: path.run?.target.host,
      isInFile: server.origin === "resolv.conf",
      before: before.map((one) => ({ server: one.server, reported: one.reported })),
      type,
      recognised: RECOGNISED,
      age: snapshotAge(path),
    }),
    evidence: [...server.evidence, ...before.flatMap(({ evidence }) => evidence), ...host],
    fixes: [...resolvConfFixes([server.server]), ...tunnelFixes(path)],
  });
}

/** IF_TYPE_PPP and IF_TYPE_PROP_VIRTUAL (ipifcons.h), by microsoft/WSL's WslCoreNetworkingSupport.h. */
const RECOGNISED: readonly number[] = [23, 53];

function serversBefore({ dns: names }: Facts, { server }: ServerFacts): readonly ServerFacts[] {
  const location = names.configured.findIndex((one) => one.server === server);
  return location < 0 ? names.configured : names.configured.slice(0, location);
}
