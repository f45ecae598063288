// The VPN client adds WSL's own prefix with a better metric, and replies to the guest go into the tunnel.

import { cause } from "../../cause.ts";
import { inferred } from "../../confidence.ts";
import { fires, rejected } from "../../outcome.ts";

export const vpnMetricStealsWslSubnet = cause({
  id: "vpn-metric-steals-wsl-subnet",
  area: "route",
  title: "A VPN has WSL's own prefix with a better metric: replies go into the tunnel",
  segment: "windows-stack",
  severity: "fault",
  direction: "inbound",
  dependsOn: ["no-default-route"],
  differentialCauses: ["gateway-unreachable", "dns-server-unreachable", "vpn-more-specific-route"],
  needs: ["misroutedReplies"],
  judge: (_facts, { misroutedReplies }) => {
    const { competitor, route, how, switchPrefix, evidence } = misroutedReplies;
    if (competitor.kind !== "vpn") return rejected(`${competitor.name} is no VPN`, evidence);
    if (how !== "metric")
      return rejected(`${route.prefix} is longer than ${switchPrefix}`, evidence);
    const metric =
      competitor.ifIndex === null ? [] : [metricFix(competitor.ifIndex, competitor.name)];
    return fires({
      confidence: inferred(0.95),
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: `Windows sends packets for ${switchPrefix}, WSL's own network, into ${competitor.name}: ${route.because}; so no reply reaches the guest`,
      evidence,
      fixes: metric,
    });
  },
});

/** Above the 5000 that WSL's switch has. */
const WORSE_METRIC = 6000;

function metricFix(ifIndex: number, name: string) {
  return {
    where: "windows-admin" as const,
    title: `Give ${name} a worse metric than WSL's switch (until the VPN reconnects)`,
    commands: [`Set-NetIPInterface -InterfaceIndex ${ifIndex} -InterfaceMetric ${WORSE_METRIC}`],
    persistent: false,
  };
}
