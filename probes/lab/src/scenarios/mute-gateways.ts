// Gateways that answer ARP and neighbour discovery, and from which nothing else ever comes.

import { LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import { fault, filter, ROUTER_DNS, wsl2 } from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

const NEIGHBOURS = "icmpv6 type { 133, 134, 135, 136 } accept";

export const MUTE_GATEWAY_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "switch-answers-arp-alone",
    title: "WSL2: Windows answers ARP on WSL's switch, and drops all that the distro sends",
    sees: "nothing works in the distro, and everything in Windows",
    target: SERVER.v4,
    faults: [filter("host", "prerouting", NEIGHBOURS, 'iifname "vswitch0" drop')],
    expected: fault("nothing-answers", null),
  }),
  wsl2({
    name: "switch-answers-nd-alone",
    title: "The same over IPv6: only neighbour discovery is answered",
    sees: "nothing works in the distro, and everything in Windows",
    target: SERVER.v6,
    family: 6,
    faults: [filter("host", "prerouting", NEIGHBOURS, 'iifname "vswitch0" drop')],
    expected: fault("nothing-answers", null),
  }),
  wsl2({
    name: "switch-answers-arp-alone-name",
    title: "The same, and the target is a name, of a name server behind Windows",
    sees: "no name resolves in the distro, and everything works in Windows",
    faults: [filter("host", "prerouting", NEIGHBOURS, 'iifname "vswitch0" drop')],
    resolvConf: [LAN_ROUTER.v4],
    negativeFor: ["dns-server-unreachable"],
    expected: fault("nothing-answers", null),
  }),
  wsl2({
    name: "router-answers-arp-alone",
    title: "Mirrored or plain: the home router answers ARP and drops the rest",
    sees: "nothing works",
    topology: wslTopology({ wsl: 1, tunnelMtu: null }),
    vantage: "host",
    target: SERVER.v4,
    resolvers: [ROUTER_DNS],
    resolvConf: [LAN_ROUTER.v4],
    faults: [filter("lan", "prerouting", NEIGHBOURS, 'iifname "lan0" drop')],
    negativeFor: ["gateway-unreachable"],
    expected: fault("nothing-answers", null),
  }),
];
