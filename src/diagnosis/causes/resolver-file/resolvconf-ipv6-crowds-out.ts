// IPv6 servers fill the three lines of resolv.conf, and the one that resolves the name is left out.

import { configuredResolver } from "../../../facts/dns/configured-resolver.ts";
import { hostEvidence } from "../../../facts/reach/path-host.ts";
import { formatAge } from "../../../facts/snapshot-age.ts";
import { cause } from "../../cause.ts";
import { aged, inferred } from "../../confidence.ts";
import { resolvConfFixes, tunnelFixes } from "../../fixes.ts";
import { meet } from "../../needs/needs.ts";
import { atResolver, rejected } from "../../outcome.ts";

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
    if (six.length === 0) return rejected("resolv.conf holds no IPv6 server", [config.id]);
    if (config.servers.length < MAX_SERVERS) {
      return rejected("resolv.conf has room for another server", [config.id]);
    }
    if (configuredResolver(facts.path).kind !== "host-servers") {
      return rejected("WSL did not write the servers of Windows' adapters there", [config.id]);
    }
    if (names.outcome === "ok")
      return rejected("one of the servers resolves the name", [config.id]);
    const snapshot = meet(facts, "snapshot");
    if (snapshot.kind !== "met") return snapshot;
    const missing = names.hostOnly.find(
      ({ origin, status }) => origin === "adapter" && status === "answers",
    );
    if (missing === undefined) {
      return rejected("no other adapter's server resolves the name from here", hostEvidence(path));
    }
    const placeholders = six.filter((server) => server.toLowerCase().startsWith("fec0:"));
    const what =
      placeholders.length > 0
        ? `${placeholders.join(", ")}, which Windows adds where no server is set,`
        : six.join(", ");
    return atResolver({
      confidence: aged(path, inferred(0.87)),
      summary: `${missing.server} of a Windows adapter resolves ${path.run?.target.host} and is not among the ${MAX_SERVERS} servers of resolv.conf: ${what} take${six.length === 1 ? "s" : ""} its line${formatAge(path)}`,
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
