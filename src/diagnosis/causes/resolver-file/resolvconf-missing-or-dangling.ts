// There is no resolv.conf, or none that names a server.

import { cause } from "../../cause.ts";
import { wslWritesFileFix } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const resolvconfMissingOrDangling = cause({
  id: "resolvconf-missing-or-dangling",
  area: "resolver-file",
  title: "/etc/resolv.conf is absent, a link to nothing, or names no server",
  segment: "resolver",
  severity: "fault",
  direction: null,
  dependsOn: ["nat-fallback-changed-mode", "no-default-route"],
  differentialCauses: ["dns-server-unreachable", "nrpt-only-vpn-dns"],
  needs: ["resolverFile"],
  judge: ({ dns: names }, { resolverFile: config }) => {
    if (config.problem === null && config.servers.length > 0) {
      return rejected(say("namesServers", { file: config.path, servers: config.servers }), [
        config.id,
      ]);
    }
    if (names.outcome === "ok") return rejected(say("noneNeeded"), [config.id]);
    return fires({
      confidence: "exact",
      segment: "resolver",
      between: null,
      direction: null,
      summary: say("found", { file: config.path, problem: config.problem }),
      evidence: [config.id],
      fixes: [wslWritesFileFix(["sudo rm -f /etc/resolv.conf"])],
    });
  },
});
