// Causes on the Windows host and on its way out, told apart by trying from both sides.

import type { CauseRow } from "./row.ts";

export const HOST_CAUSES = {
  "lan-gateway-unreachable": {
    title: "The Windows host cannot reach its own first router",
    segment: "lan-gateway",
    severity: "fault",
    direction: "both",
    dependsOn: ["no-default-route", "gateway-unreachable"],
  },
  "vpn-tunnel-dead": {
    title: "The route leads into a VPN through which nothing comes back",
    segment: "vpn-adapter",
    severity: "fault",
    direction: null,
    dependsOn: ["no-default-route", "gateway-unreachable", "lan-gateway-unreachable"],
  },
  "nat-source-not-translated": {
    title: "Packets leave Windows with the distro's own address, and no answer finds back",
    segment: "nat",
    severity: "fault",
    direction: "inbound",
    dependsOn: [
      ...["no-default-route", "gateway-unreachable"],
      ...["lan-gateway-unreachable", "vpn-tunnel-dead", "admin-prohibited"],
    ],
  },
  "host-forwarding-blocked": {
    title: "Windows reaches the target itself and lets nothing of the distro through",
    segment: "windows-stack",
    severity: "fault",
    direction: null,
    dependsOn: [
      ...["no-default-route", "gateway-unreachable"],
      ...["lan-gateway-unreachable", "vpn-tunnel-dead", "admin-prohibited"],
    ],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
