// IPv6 servers fill the three lines of resolv.conf, and the one that resolves the name is left out.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { snapshotAge } from "../../../facts/snapshot-age.ts";
import { cause } from "../../cause.ts";
import { aged } from "../../confidence.ts";
import { resolvConfFixes, tunnelFixes } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const resolvconfIpv6CrowdsOut = cause({
  id: "resolvconf-ipv6-crowds-out",
  area: "resolver-file",
  title: "IPv6 servers fill resolv.conf, and the right server is left out",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns", "dns-suffix-missing"],
  differentialCauses: [
    "resolvconf-vpn-not-recognised",
    "nrpt-only-vpn-dns",
    "dns-server-unreachable",
  ],
  needs: ["nameQuery", "resolverFile"],
  judge: (facts, { nameQuery: names, resolverFile: config }) => {
    const { path } = facts;
    const six = config.servers.filter((server) => server.includes(":"));
    if (six.length === 0) return rejected(say("noIpv6"), [config.id]);
    if (config.servers.length < MAX_SERVERS) {
      return rejected(say("hasRoom"), [config.id]);
    }
    if (configuredResolver(facts.path).kind !== "host-servers") {
      return rejected(say("otherServers"), [config.id]);
    }
    if (names.outcome === "ok") return rejected(say("oneResolves"), [config.id]);
    const snapshot = meet(facts, "snapshot");
    if (snapshot.kind !== "met") return snapshot;
    const missing = names.hostOnly.find(
      ({ origin, status }) => origin === "adapter" && status === "answers",
    );
    if (missing === undefined) {
      return rejected(say("noneMissing"), hostEvidence(path));
    }
    const placeholders = six.filter((server) => server.toLowerCase().startsWith("fec0:"));
    return atResolver({
      confidence: aged(path, "inferred"),
      summary: say("found", {
        missing: missing.server,
        host: path.run?.target.host,
        most: MAX_SERVERS,
        six,
        placeholders,
        age: snapshotAge(path),
      }),
      evidence: [
        config.id,
        ...missing.evidence,
        ...names.configured.flatMap(({ evidence }) => evidence),
        ...hostEvidence(path),
      ],
      fixes: [...resolvConfFixes([missing.server]), ...tunnelFixes(path)],
    });
  },
});

/** glibc reads no more (resolv.h, MAXNS), and WSL writes no more. */
const MAX_SERVERS = 3;
