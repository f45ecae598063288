// resolv.conf names systemd-resolved's stub, and systemd-resolved has no upstream server.

import { cause } from "../../cause.ts";
import { exact } from "../../confidence.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";

export const systemdResolvedStubWithoutUpstream = cause({
  id: "systemd-resolved-stub-without-upstream",
  area: "resolver-file",
  title: "resolv.conf names systemd-resolved, which has no upstream server",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nrpt-only-vpn-dns"],
  differentialCauses: ["dns-server-refuses", "dns-server-unreachable"],
  needs: ["nameQuery", "resolver"],
  judge: ({ path }, { nameQuery: names, resolver }) => {
    if (resolver.kind !== "stub") return rejected("resolv.conf names no stub of systemd-resolved");
    const { upstream } = path;
    if (upstream === null || upstream.problem !== null) {
      return notChecked(
        `the stub's upstream servers are not readable: ${upstream?.problem ?? "not read"}`,
      );
    }
    if (upstream.servers.length > 0) {
      return rejected(`systemd-resolved queries ${upstream.servers.join(", ")}`, [upstream.id]);
    }
    const stub = names.configured.find(({ server }) => server === resolver.server);
    if (
      stub === undefined ||
      names.outcome === "ok" ||
      !["fails", "refuses"].includes(stub.status)
    ) {
      return rejected(
        `${resolver.server} ${stub?.reported ?? "was not queried"}`,
        stub?.evidence ?? [],
      );
    }
    return atResolver({
      confidence: exact(0.93),
      summary: `${resolver.server}, systemd-resolved's stub, ${stub.reported}, and ${upstream.path} gives it no upstream server`,
      evidence: [...stub.evidence, upstream.id],
      fixes: [
        {
          where: "linux",
          title: "Query the servers that WSL found, without the stub",
          commands: ["sudo ln -sf /mnt/wsl/resolv.conf /etc/resolv.conf"],
          persistent: true,
        },
      ],
    });
  },
});
