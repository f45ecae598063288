// The VPN client adds WSL's own prefix with a better metric, and replies to the guest go into the tunnel.

import { cause } from "../../cause.ts";
import { fix, setAdapterMetric } from "../../fixes.ts";
import { fires, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

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
    if (competitor.kind !== "vpn")
      return rejected(say("noVpn", { competitor: competitor.name }), evidence);
    if (how !== "metric")
      return rejected(say("longerPrefix", { prefix: route.prefix, switchPrefix }), evidence);
    const metric =
      competitor.ifIndex === null ? [] : [metricFix(competitor.ifIndex, competitor.name)];
    return fires({
      confidence: "inferred",
      segment: "windows-stack",
      between: null,
      direction: "inbound",
      summary: say("found", {
        switchPrefix,
        competitor: competitor.name,
        because: route.because,
      }),
      evidence,
      fixes: metric,
    });
  },
});

/** Above the 5000 that WSL's switch has. */
const WORSE_METRIC = 6000;

function metricFix(ifIndex: number, name: string) {
  return fix({
    where: "windows-admin",
    title: say("worseMetric", { name }),
    commands: [setAdapterMetric(ifIndex, WORSE_METRIC)],
    persistent: false,
  });
}
