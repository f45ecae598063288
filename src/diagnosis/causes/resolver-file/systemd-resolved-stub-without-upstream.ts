// resolv.conf names systemd-resolved's stub, and systemd-resolved has no upstream server.

import { cause } from "../../cause.ts";
import { atResolver, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (resolver.kind !== "stub") return rejected(say("noStub"));
    const { upstream } = path;
    if (upstream === null || upstream.problem !== null) {
      return notChecked(say("upstreamUnknown", { problem: upstream?.problem ?? null }));
    }
    if (upstream.servers.length > 0) {
      return rejected(say("hasUpstream", { servers: upstream.servers }), [upstream.id]);
    }
    const stub = names.configured.find(({ server }) => server === resolver.server);
    if (
      stub === undefined ||
      names.outcome === "ok" ||
      !["fails", "refuses"].includes(stub.status)
    ) {
      return rejected(
        say("stubReported", { server: resolver.server, reported: stub?.reported ?? null }),
        stub?.evidence ?? [],
      );
    }
    return atResolver({
      confidence: "exact",
      summary: say("found", {
        server: resolver.server,
        reported: stub.reported,
        file: upstream.path,
      }),
      evidence: [...stub.evidence, upstream.id],
      fixes: [
        {
          where: "linux",
          title: say("withoutStub"),
          commands: ["sudo ln -sf /mnt/wsl/resolv.conf /etc/resolv.conf"],
          persistent: true,
        },
      ],
    });
  },
});
