// Causes about packet sizes: black holes, clamps, learnt limits.

import type { CauseRow } from "./row.ts";

export const SIZE_CAUSES = {
  "vpn-mtu-inbound-blackhole": {
    title: "Responses too big for the VPN tunnel vanish on their way in",
    segment: "vpn-adapter",
    severity: "fault",
    direction: "inbound",
    dependsOn: ["linux-firewall-in-distro", "rp-filter-drop"],
  },
  "vpn-mtu-outbound-blackhole": {
    title: "Packets too big for the VPN tunnel vanish on their way out",
    segment: "vpn-adapter",
    severity: "warning",
    direction: "outbound",
    dependsOn: [],
  },
  "pmtu-inbound-blackhole": {
    title: "Responses above some size vanish, and no VPN is known to blame",
    segment: null,
    severity: "fault",
    direction: "inbound",
    dependsOn: ["vpn-mtu-inbound-blackhole", "linux-firewall-in-distro", "rp-filter-drop"],
  },
  "pmtu-outbound-blackhole": {
    title: "Packets above some size vanish on the way out, and no VPN is known to blame",
    segment: null,
    severity: "warning",
    direction: "outbound",
    dependsOn: ["vpn-mtu-outbound-blackhole"],
  },
  "pmtu-cached": {
    title: "The kernel already holds a learnt path MTU, which can hide a black hole",
    segment: "linux-stack",
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
  "mss-clamped": {
    title: "Large packets vanish on the way out, and TCP's MSS stays below that size",
    segment: null,
    severity: "note",
    direction: "outbound",
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
