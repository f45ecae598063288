// Causes on the Windows host and on its outbound path, distinguished by probes from both sides.

import type { CauseRow } from "./row.ts";

/** Faults of the distro itself, and wrong routes on either side: missing answers on the host follow from them. */
const FIRST = [
  ...(["no-default-route", "gateway-unreachable", "conntrack-full"] as const),
  ...(["linux-firewall-in-distro", "rp-filter-drop", "docker-bridge-overlap"] as const),
  ...(["mirrored-wrong-source-address", "mirrored-local-policy-routing"] as const),
  ...(["vpn-client-inside-wsl", "nat-subnet-overlap"] as const),
  ...(["vpn-metric-steals-wsl-subnet", "vpn-more-specific-route"] as const),
] as const;

export const HOST_CAUSES = {
  "lan-gateway-unreachable": {
    title: "The Windows host cannot reach its own first router",
    segment: "lan-gateway",
    severity: "fault",
    direction: "both",
    dependsOn: FIRST,
  },
  "vpn-tunnel-dead": {
    title: "The route leads into a VPN, and nothing beyond the tunnel answers",
    segment: "vpn-adapter",
    severity: "fault",
    direction: null,
    dependsOn: [...FIRST, "lan-gateway-unreachable"],
  },
  "nat-source-not-translated": {
    title: "Packets leave Windows with the distro's address, so no answer is routed back",
    segment: "nat",
    severity: "fault",
    direction: "inbound",
    dependsOn: [...FIRST, "lan-gateway-unreachable", "vpn-tunnel-dead", "admin-prohibited"],
  },
  "host-forwarding-blocked": {
    title: "Windows reaches the target itself and does not forward the distro's packets",
    segment: "windows-stack",
    severity: "fault",
    direction: null,
    dependsOn: [...FIRST, "lan-gateway-unreachable", "vpn-tunnel-dead", "admin-prohibited"],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
