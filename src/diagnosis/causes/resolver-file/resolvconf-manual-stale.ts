// A resolv.conf written by hand names servers of another network, while Windows' servers of this one answer.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import { replies } from "../../../facts/dns/dns.ts";
import type { Facts } from "../../../facts/facts.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { adapterDnsServers, nrptFor } from "../../../host/dns.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { resolvConfFixes, wslWritesFileFix } from "../../fixes.ts";
import { met } from "../../needs/met.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { asReported, say, sayNeed } from "../../words.ts";

export const resolvconfManualStale = cause({
  id: "resolvconf-manual-stale",
  area: "resolver-file",
  title: "A resolv.conf written by hand names servers of another network",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: [
    "nrpt-only-vpn-dns",
    "globalprotect-explicit-proxy-or-dns",
    "no-default-route",
    "gateway-unreachable",
  ],
  differentialCauses: ["dns-server-unreachable", "nrpt-only-vpn-dns", "dns-server-refuses"],
  needs: ["nameQuery", { need: "resolverFile", reason: "noServer" }],
  judge: (facts, { nameQuery: names, resolverFile: config }) => {
    const { path } = facts;
    if (config.servers.length === 0) return notChecked(sayNeed("noServer"));
    const resolver = configuredResolver(facts.path);
    if (resolver.kind !== "manual") {
      return rejected(say("notManual"), [config.id]);
    }
    if (names.outcome !== "failed" || names.configured.some(replies)) {
      return rejected(
        say("oneReplies"),
        names.configured.flatMap(({ evidence }) => evidence),
      );
    }
    const known = hostServersOf(facts);
    if (known.kind !== "met") return known;
    const host = hostEvidence(path);
    const shared = config.servers.filter((server) => known.value.includes(server));
    if (shared.length > 0) return rejected(say("windowsUsesThem", { servers: shared }), host);
    const working = names.hostOnly.filter(({ status }) => status === "answers");
    const [first] = working;
    if (first === undefined) {
      return rejected(say("windowsFailsToo"), host);
    }
    const servers = working.map(({ server }) => server);
    return atResolver({
      confidence: aged(path, "measured"),
      summary: say("found", {
        file: config.path,
        stale: config.servers,
        working: servers,
        host: path.run?.target.host,
        age: snapshotAge(path),
      }),
      evidence: [
        config.id,
        ...names.configured.flatMap(({ evidence }) => evidence),
        ...working.flatMap(({ evidence }) => evidence),
        ...host,
      ],
      fixes: [
        ...resolvConfFixes(servers, "queryWindowsServers").slice(0, 1),
        wslWritesFileFix(["sudo chattr -i /etc/resolv.conf", "sudo rm -f /etc/resolv.conf"]),
      ],
    });
  },
});

/** Every server that Windows would query for the name. */
function hostServersOf(facts: Facts) {
  const snapshot = meet(facts, "snapshot");
  if (snapshot.kind !== "met") return snapshot;
  const adapters = adapterDnsServers(snapshot.value);
  if (!adapters.known) return notChecked(asReported(adapters));
  const nrpt = nrptFor(snapshot.value, facts.path.run?.target.host ?? "");
  return met([
    ...adapters.adapters.flatMap(({ servers }) => servers),
    ...(nrpt.known ? nrpt.rules.flatMap(({ servers }) => servers) : []),
  ]);
}
