// Causes about packet sizes: black holes, clamps, cached PMTUs.

import type { CauseRow } from "./row.ts";

export const SIZE_CAUSES = {
  "vpn-mtu-inbound-blackhole": {
    title: "Responses above the VPN tunnel's MTU are lost on the inbound path",
    segment: "vpn-adapter",
    severity: "fault",
    direction: "inbound",
    dependsOn: ["linux-firewall-in-distro", "rp-filter-drop"],
  },
  "vpn-mtu-outbound-blackhole": {
    title: "Packets above the VPN tunnel's MTU are lost on the outbound path",
    segment: "vpn-adapter",
    severity: "warning",
    direction: "outbound",
    dependsOn: [],
  },
  "pmtu-inbound-blackhole": {
    title: "Responses above some size are lost, and no VPN is known as the cause",
    segment: null,
    severity: "fault",
    direction: "inbound",
    dependsOn: ["vpn-mtu-inbound-blackhole", "linux-firewall-in-distro", "rp-filter-drop"],
  },
  "pmtu-outbound-blackhole": {
    title: "Outbound packets above some size are lost, and no VPN is known as the cause",
    segment: null,
    severity: "warning",
    direction: "outbound",
    dependsOn: ["vpn-mtu-outbound-blackhole"],
  },
  "pmtu-cached": {
    title: "The kernel already has a cached PMTU, which can hide a black hole",
    segment: "linux-stack",
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
  "mss-clamped": {
    title: "Large outbound packets are lost, and TCP's MSS stays below that size",
    segment: null,
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
