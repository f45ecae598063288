// Causes about reaching the target at all: routes, gateways, ports, loss.

import type { CauseRow } from "./row.ts";

export const REACH_CAUSES = {
  "no-default-route": {
    title: "The guest has no route to anything beyond its own link",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: [],
  },
  "gateway-unreachable": {
    title: "The default gateway does not answer, not even to ARP or neighbour discovery",
    // vswitch behind WSL's NAT, lan-gateway elsewhere: the rule knows the topology.
    segment: null,
    severity: "fault",
    direction: "both",
    dependsOn: ["no-default-route"],
  },
  "port-refused": {
    title: "The target answers, and says that nothing listens on the port",
    segment: "destination",
    severity: "fault",
    direction: null,
    dependsOn: ["dns-tunneling-vpn-conflict", "hosts-file-override", "proxy-required-but-unset"],
  },
  "ecmp-branch-broken": {
    title: "One of several balanced ways is dead: some connections always die",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: [],
  },
  "port-filtered": {
    title: "The port is silent while the host or its other ports answer",
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [
      "ecmp-branch-broken",
      "no-default-route",
      "gateway-unreachable",
      "dns-tunneling-vpn-conflict",
      "hosts-file-override",
      "proxy-required-but-unset",
    ],
  },
  "path-loss": {
    title: "Packets are lost on the way whatever their size",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: ["ecmp-branch-broken", "no-default-route", "gateway-unreachable"],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
