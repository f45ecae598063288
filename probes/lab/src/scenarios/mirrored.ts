// Mirrored mode, and what becomes of the card that WSL gives the distro: its ports, its address, itself.

import { HOST_ON_LAN, LAN_ROUTER } from "../topology/addresses.ts";
import { LAN_ALIAS, TUNNEL_MTU } from "../topology/names.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import { DISTRO, fault, filter, ip, ROUTER_DNS, wsl2 } from "./building-blocks.ts";
import type { Fault } from "./fault.ts";
import type { Scenario } from "./scenario.ts";

/** The distro has Windows' own addresses, and loopback0. */
export const MIRRORED = {
  topology: wslTopology({ wsl: 1, tunnelMtu: null }),
  resolvers: [ROUTER_DNS],
  resolvConf: [LAN_ROUTER.v4],
  vantage: "host",
  windowsReports: { wslconfig: "[wsl2]\nnetworkingMode=mirrored\n" },
} as const;

/** As Windows still has it. */
const WINDOWS_ADDRESS = {
  InterfaceAlias: LAN_ALIAS,
  AddressFamily: 2,
  IPAddress: HOST_ON_LAN.v4,
  PrefixLength: 24,
};

const LOOPBACK0 = ip(
  "host",
  "link add loopback0 type veth peer name loopback1",
  "link set loopback0 up",
  "link set loopback1 up",
);

const localPorts = (value: string): Fault => ({
  kind: "kernel-setting",
  at: "host",
  key: "net/ipv4/ip_local_port_range",
  value,
});

/** What Windows does with answers to ports that it has not reserved for the distro. */
const answersTo = (ports: string) =>
  filter("lan", "forward", `oifname "lan0" tcp sport 443 tcp dport != ${ports} counter drop`);

/** Under a name that no card has, as the other end of its link has to stay. */
export const noCard = (device: string) => ({
  ...DISTRO,
  before: [
    ["ip", "link", "set", device, "down"],
    ["ip", "link", "set", device, "name", "dummy0"],
    ["ip", "link", "add", "docker0", "type", "bridge"],
    ["ip", "addr", "add", "172.17.0.1/16", "dev", "docker0"],
  ],
});

/** The MTU of Wintun adapters that several clients set. */
const JUMBO_MTU = 9000;
/** An Ethernet frame of 1514 bytes, without its header. */
const FRAME_CARRIES = 1500;
const plain = MIRRORED.topology;
/** Every link as large, so that both ends offer large segments, and Windows' adapter as a client's tunnel. */
const JUMBO = {
  ...plain,
  links: plain.links.map((link) => ({ ...link, mtu: JUMBO_MTU })),
  adapters: plain.adapters.map((adapter) => ({
    ...adapter,
    ...{ description: "Wintun Userspace Tunnel", interfaceType: 53, virtual: true },
  })),
};
/** In both directions, next to the distro's card. */
const largerLost = (largerThanBytes: number): readonly Fault[] =>
  ["lan0", "wan0"].map((arrivingOn) => ({
    ...{ kind: "drop", at: "lan", arrivingOn, largerThanBytes, protocol: null },
  }));

export const MIRRORED_SCENARIOS: readonly Scenario[] = [
  wsl2({
    ...MIRRORED,
    name: "mirrored-jumbo",
    title:
      "Mirrored mode has copied 9000 bytes from a VPN's adapter, and frames above 1500 are lost",
    sees: "ping works, and everything that sends data hangs",
    topology: JUMBO,
    faults: [LOOPBACK0, ...largerLost(FRAME_CARRIES)],
    negativeFor: ["pmtu-inbound-blackhole", "vpn-mtu-inbound-blackhole", "path-loss"],
    expected: fault("mirrored-jumbo-blackhole", "linux-nic", "both", {
      inboundPmtu: FRAME_CARRIES,
      asUser: { causes: ["pmtu-inbound-blackhole"] },
    }),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-jumbo-smaller-limit",
    title: "Mirrored mode has copied 9000 bytes, and the path carries 1400",
    sees: "TLS hangs after the ClientHello",
    topology: JUMBO,
    faults: [LOOPBACK0, ...largerLost(TUNNEL_MTU)],
    negativeFor: ["mirrored-jumbo-blackhole"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", {
      inboundPmtu: TUNNEL_MTU,
      alsoCauses: ["pmtu-outbound-blackhole"],
    }),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-ports-left",
    title: "Mirrored mode: a sysctl of the distro leaves the source ports that Windows reserved",
    sees: "names resolve and ping works; every TCP connection hangs",
    faults: [LOOPBACK0, localPorts("32768 60999"), answersTo("61100-65195")],
    negativeFor: ["linux-firewall-in-distro", "ecmp-branch-broken"],
    expected: fault("mirrored-port-range", "linux-stack", "inbound"),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-ports-of-windows",
    title:
      "Mirrored mode: the distro takes Windows' own dynamic ports for its connections over IPv6",
    sees: "every TCP connection hangs",
    family: 6,
    faults: [LOOPBACK0, localPorts("49152 65535"), answersTo("44620-48715")],
    negativeFor: ["linux-firewall-in-distro", "new-connections-lost"],
    expected: fault("mirrored-port-range", "linux-stack", "inbound"),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-port-filtered",
    title: "Mirrored mode: the router drops the port, whatever the source port is",
    sees: "connections to this port hang",
    faults: [LOOPBACK0, filter("lan", "forward", "tcp dport 443 drop")],
    negativeFor: ["mirrored-port-range", "mirrored-wrong-source-address"],
    expected: fault("port-filtered", null, "outbound"),
  }),
  wsl2({
    ...MIRRORED,
    windowsReports: { ...MIRRORED.windowsReports, "Get-NetIPAddress": [WINDOWS_ADDRESS] },
    name: "network-manager-mirrored",
    title: "Mirrored mode: the distro's network manager has replaced the address of its card",
    sees: "it works for some seconds after each start of WSL",
    faults: [
      LOOPBACK0,
      ip("host", "addr flush dev wifi0", "addr add 169.254.144.159/16 dev wifi0"),
    ],
    negativeFor: ["mirrored-routes-lost", "dns-server-unreachable", "nat-fallback-changed-mode"],
    expected: fault("network-manager-took-address", "linux-nic", "both"),
  }),
  wsl2({
    name: "network-manager-behind-nat",
    title: "The same behind NAT, with a default route that leads to the link itself",
    sees: "nothing is reached from the distro",
    faults: [
      ip(
        "guest",
        "addr flush dev eth0",
        "addr add 169.254.7.9/16 dev eth0",
        "route add default dev eth0 metric 1002",
      ),
    ],
    negativeFor: ["gateway-unreachable", "nat-fallback-changed-mode"],
    expected: fault("network-manager-took-address", "linux-nic", "both"),
  }),
  wsl2({
    ...MIRRORED,
    name: "mirrored-fell-to-none",
    title: "Mirrored mode could not be set up: the distro has no network card",
    sees: "Network is unreachable",
    distro: noCard("wifi0"),
    negativeFor: ["mirrored-routes-lost", "network-manager-took-address"],
    expected: fault("nat-fallback-changed-mode", "linux-nic", "both"),
  }),
  wsl2({
    name: "nat-fell-to-none",
    title: "NAT, which .wslconfig leaves as it is, could not be set up: there is no network card",
    sees: "Network is unreachable",
    windowsReports: { wslconfig: "[wsl2]\nmemory=8GB\n" },
    distro: noCard("eth0"),
    negativeFor: ["mirrored-routes-lost", "network-manager-took-address"],
    expected: fault("nat-fallback-changed-mode", "linux-nic", "both"),
  }),
  wsl2({
    name: "none-as-configured",
    title: ".wslconfig asks for no network, and the distro has none",
    sees: "Network is unreachable",
    windowsReports: { wslconfig: "[wsl2]\nnetworkingMode=none\n" },
    distro: noCard("eth0"),
    negativeFor: ["nat-fallback-changed-mode", "mirrored-routes-lost"],
    expected: fault("networking-none", "linux-nic", "both"),
  }),
];
