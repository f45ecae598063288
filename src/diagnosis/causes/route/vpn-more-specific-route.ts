// The VPN client adds a longer prefix inside WSL's network: no metric beats that.

import { cause } from "../../cause.ts";
import { commandAddress } from "../../command-values.ts";
import { fix } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const vpnMoreSpecificRoute = cause({
  id: "vpn-more-specific-route",
  area: "route",
  title: "A VPN has a longer prefix inside WSL's network: replies go into the tunnel",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: ["no-default-route"],
  differentialCauses: [
    "gateway-unreachable",
    "dns-server-unreachable",
    "vpn-metric-steals-wsl-subnet",
  ],
  needs: ["misroutedReplies"],
  judge: (_facts, { misroutedReplies }) => {
    const { competitor, route, how, switchPrefix, evidence } = misroutedReplies;
    if (competitor.kind !== "vpn")
      return rejected(say("noVpn", { competitor: competitor.name }), evidence);
    if (how !== "prefix") return rejected(say("samePrefix", { prefix: route.prefix }), evidence);
    return fires({
      confidence: "inferred",
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", {
        prefix: route.prefix,
        competitor: competitor.name,
        switchPrefix,
      }),
      evidence,
      fixes: deletion(route.prefix),
    });
  },
});

function deletion(prefix: string) {
  const network = commandAddress(prefix.split("/")[0] ?? "");
  if (network === null) return [];
  return [
    fix({
      where: "windows-admin",
      title: say("deleteRoute"),
      commands: [`route delete ${network}`],
      persistent: false,
    }),
  ];
}
