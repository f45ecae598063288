// Causes about reaching the target at all: routes, gateways, ports, loss.

import type { CauseRow } from "./row.ts";

/** Names that led to another machine than they should, a way that was never meant to be taken, or somebody else who answers. */
const WRONG_ADDRESS = [
  "dns-tunneling-vpn-conflict",
  "hosts-file-override",
  "proxy-required-but-unset",
  "captive-portal",
] as const;

/** Whatever this kernel does to the connection's own packets. */
const OWN_STACK = ["linux-firewall-in-distro", "rp-filter-drop"] as const;

/** A route of the distro that leads the wrong way: whatever is then met there is its consequence. */
const WRONG_WAY = [
  "docker-bridge-overlap",
  "mirrored-wrong-source-address",
  "mirrored-local-policy-routing",
  "vpn-client-inside-wsl",
  "nat-subnet-overlap",
  "conntrack-full",
] as const;

/** What both sides together place on the host or at its first router: the silence behind follows from it. */
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
    dependsOn: ["no-default-route", ...WRONG_WAY],
  },
  "routing-loop": {
    title: "Routers pass the packet round among themselves until its TTL is used up",
    segment: "internet-hop",
    severity: "fault",
    direction: "outbound",
    dependsOn: ["no-default-route", "gateway-unreachable", ...WRONG_WAY],
  },
  "admin-prohibited": {
    title: "Somebody on the way says by ICMP that a rule forbids it",
    // The sender's.
    segment: null,
    severity: "fault",
    direction: "outbound",
    dependsOn: ["no-default-route", "routing-loop", "captive-portal", ...WRONG_WAY],
  },
  "upstream-unreachable": {
    title: "The first router answers, and nothing behind it is reached",
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
      ...WRONG_WAY,
      ...HOST_SIDE,
    ],
  },
  "destination-down": {
    title: "The way leads up to the target, and the target gives no sign of life",
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
      ...WRONG_WAY,
      ...HOST_SIDE,
    ],
  },
  "port-refused": {
    title: "A connection to the port is refused: by a reset or by port unreachable",
    // The target, unless the answer shows that it is somebody in front of it.
    segment: null,
    severity: "fault",
    direction: null,
    dependsOn: [...WRONG_ADDRESS, ...OWN_STACK, ...WRONG_WAY],
  },
  "ecmp-branch-broken": {
    title: "One of several balanced ways is dead: some connections always die",
    segment: null,
    severity: "warning",
    direction: null,
    // In a loop the same routers answer at many TTLs, and their limit on ICMP picks who is heard.
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
      ...WRONG_WAY,
    ],
  },
  "path-loss": {
    title: "Packets are lost on the way whatever their size",
    segment: null,
    severity: "warning",
    direction: null,
    dependsOn: ["ecmp-branch-broken", "no-default-route", "gateway-unreachable", ...OWN_STACK],
  },
  "icmp-filtered": {
    title: "TCP works, and no ICMP message comes back from anywhere",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: [],
  },
  "icmp-rate-limited": {
    title: "Somebody answers probes now and then, while nothing is lost on the way",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: [],
  },
  "hop-silent": {
    title: "A hop answers no probe, while what is behind it answers",
    segment: null,
    severity: "note",
    direction: null,
    dependsOn: ["icmp-filtered", "routing-loop"],
  },
} as const satisfies Readonly<Record<string, CauseRow>>;
