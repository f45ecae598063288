// The VPN client adds a longer prefix inside WSL's network: no metric beats that.

import { cause } from "../../cause.ts";
import { inferred } from "../../confidence.ts";
import { fires, rejected } from "../../outcome.ts";

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
    if (competitor.kind !== "vpn") return rejected(`${competitor.name} is no VPN`, evidence);
    if (how !== "prefix") return rejected(`${route.prefix} is as long as WSL's own`, evidence);
    return fires({
      confidence: inferred(0.95),
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: `${route.prefix} on ${competitor.name} lies inside WSL's network ${switchPrefix} and holds the guest's address: Windows sends replies to the guest into the VPN`,
      evidence,
      fixes: [
        {
          where: "windows-admin",
          title: "Delete the route until the VPN sets it again",
          commands: [`route delete ${route.prefix.split("/")[0]}`],
          persistent: false,
        },
      ],
    });
  },
});
