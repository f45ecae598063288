// Causes about wrong routes: in Windows, in the distro, or in both at once.

import type { CauseRow } from "./row.ts";

export const ROUTING_CAUSES = {
  "vpn-metric-steals-wsl-subnet": {
    title: "A VPN has WSL's own prefix with a better metric: replies go into the tunnel",
    segment: "windows-stack",
    severity: "fault",
    direction: "inbound",
    dependsOn: ["no-default-route"],
  },
  "vpn-more-specific-route": {
    title: "A VPN has a longer prefix inside WSL's network: replies go into the tunnel",
    segment: "windows-stack",
    severity: "fault",
    direction: "inbound",
    dependsOn: ["no-default-route"],
  },
  "nat-subnet-overlap": {
    title: "WSL's network overlaps one that is used elsewhere",
    // The distro for a target on-link, Windows for replies.
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: ["no-default-route"],
  },
  "docker-bridge-overlap": {
    title: "A Docker bridge in the distro has the range of the target",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "multiple-host-nics": {
    title: "Windows has several default routes of equal metric, and the NAT mixes them up",
    segment: "windows-stack",
    severity: "fault",
    direction: null,
    dependsOn: ["vpn-metric-steals-wsl-subnet", "vpn-more-specific-route", "nat-subnet-overlap"],
  },
  "mirrored-routes-lost": {
    title: "Windows has a route to the target, and the mirrored guest's copy of it is gone",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "mirrored-wrong-source-address": {
    title: "The mirrored guest sends from another adapter's address than Windows would",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: ["mirrored-routes-lost"],
  },
  "mirrored-local-policy-routing": {
    title: "Rules of mirrored mode lead packets for a local daemon to Windows",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "vpn-client-inside-wsl": {
    title: "A VPN that runs in the distro carries the route, and nothing beyond it answers",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: ["no-default-route"],
  },
  "conntrack-full": {
    title: "The table of tracked connections is full, and new ones are dropped",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "wsl1-unsupported-operation": {
    title: "WSL1 lacks a system call that was attempted: a limit, not a network fault",
    segment: "linux-stack",
    severity: "note",
    direction: null,
    dependsOn: [],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
