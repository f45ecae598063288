// Causes about reaching the target at all: routes, gateways, ports, loss.

import type { CauseRow } from "./row.ts";

/** Names that led to the wrong machine, a path that should not be used, or another system that answers. */
const WRONG_ADDRESS = [
  "dns-tunneling-vpn-conflict",
  "hosts-file-override",
  "proxy-required-but-unset",
  "captive-portal",
] as const;

/** Whatever this kernel does to the connection's own packets. */
const OWN_STACK = ["linux-firewall-in-distro", "rp-filter-drop"] as const;

/** A wrong route of the distro: whatever is observed there is its consequence. */
const WRONG_ROUTE = [
  "docker-bridge-overlap",
  "mirrored-wrong-source-address",
  "mirrored-local-policy-routing",
  "vpn-client-inside-wsl",
  "nat-subnet-overlap",
  "conntrack-full",
] as const;

/** What both sides together locate on the host or at its first router: missing answers beyond follow from it. */
const HOST_SIDE = [
  ...(["lan-gateway-unreachable", "vpn-tunnel-dead"] as const),
  "host-forwarding-blocked",
] as const;

export const REACH_CAUSES = {
  "no-default-route": {
    title: "The guest has no route to anything beyond its own link",
    segment: "linux-stack",
    severity: "fault",
    direction: "outbound",
    dependsOn: ["mirrored-routes-lost"],
  },
  "gateway-unreachable": {
    title: "The default gateway does not answer, not even to ARP or neighbour discovery",
    // vswitch behind WSL's NAT, lan-gateway elsewhere: the rule knows the topology.
    segment: null,
    severity: "fault",
    direction: "both",
    dependsOn: ["no-default-route", ...WRONG_ROUTE],
  },
  "routing-loop": {
    title: "Routers forward the packet in a loop until its TTL expires",
    segment: "internet-hop",
    severity: "fault",
    direction: "outbound",
    dependsOn: ["no-default-route", "gateway-unreachable", ...WRONG_ROUTE],
  },
  "admin-prohibited": {
    title: "A host on the path reports by ICMP that a filter rule forbids the packet",
    // The sender's.
    segment: null,
    severity: "fault",
    direction: "outbound",
    dependsOn: ["no-default-route", "routing-loop", "captive-portal", ...WRONG_ROUTE],
  },
  "upstream-unreachable": {
    title: "The first router answers, and nothing beyond it is reachable",
    // lan-gateway or internet-hop: whichever answers last.
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [
      "no-default-route",
      "gateway-unreachable",
      "ecmp-branch-broken",
      "routing-loop",
      "admin-prohibited",
      ...WRONG_ADDRESS,
      // A filter that drops the connection's packets drops the routers' answers with them.
      ...OWN_STACK,
      ...WRONG_ROUTE,
      ...HOST_SIDE,
    ],
  },
  "destination-down": {
    title: "The path works up to the target, and the target answers nothing",
    segment: "destination",
    severity: "fault",
    direction: null,
    dependsOn: [
      "no-default-route",
      "gateway-unreachable",
      "ecmp-branch-broken",
      "routing-loop",
      "admin-prohibited",
      "upstream-unreachable",
      ...WRONG_ADDRESS,
      ...OWN_STACK,
      ...WRONG_ROUTE,
      ...HOST_SIDE,
    ],
  },
  "port-refused": {
    title: "A connection to the port is refused: by a reset or by port unreachable",
    // The target, unless the answer shows that it is a host before it.
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [...WRONG_ADDRESS, ...OWN_STACK, ...WRONG_ROUTE],
  },
  "ecmp-branch-broken": {
    title: "One of several equal-cost paths is dead: some connections always fail",
    segment: null,
    severity: "warning",
    direction: null,
    // In a loop the same routers answer at many TTLs, and their ICMP rate limit decides which ones reply.
    dependsOn: ["routing-loop"],
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
      ...WRONG_ADDRESS,
      ...OWN_STACK,
      ...WRONG_ROUTE,
    ],
  },
  "path-loss": {
    title: "Packets are lost on the path regardless of their size",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: ["ecmp-branch-broken", "no-default-route", "gateway-unreachable", ...OWN_STACK],
  },
  "icmp-filtered": {
    title: "TCP works, and no ICMP message is received from anywhere",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: [],
  },
  "icmp-rate-limited": {
    title: "A host answers only part of the probes, while no packet is lost on the path",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: [],
  },
  "hop-silent": {
    title: "A hop answers no probe, while later hops answer",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: ["icmp-filtered", "routing-loop"],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
