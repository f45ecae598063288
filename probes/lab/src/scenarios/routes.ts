// Wrong routes, in Windows or in the distro, and the distro's own filters.

import { SWITCH_ADAPTER } from "../topology/adapters.ts";
import { GUEST, GUEST_PREFIX, SERVER } from "../topology/addresses.ts";
import { ETHERNET_MTU } from "../topology/names.ts";
import type { Link, Topology } from "../topology/topology.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import { fault, filter, HEALTHY, ip, wsl2, wsl2Vpn } from "./building-blocks.ts";
import type { Expected, Scenario } from "./scenario.ts";

const OVERLAPS = ["vpn-metric-steals-wsl-subnet", "vpn-more-specific-route", "nat-subnet-overlap"];
const others = (cause: string) => OVERLAPS.filter((one) => one !== cause);
/** Inside WSL's network, where nobody has it. */
const NEIGHBOUR = "172.24.20.7";

/** Linux prefers the route of an address whatever its metric: it goes, and comes back with Windows' metric. */
const SWITCH_METRIC = 5256;
const VPN_METRIC = 26;
const competing = (prefix: string) =>
  ip(
    "host",
    `route del ${GUEST_PREFIX.v4} dev vswitch0`,
    `route add ${GUEST_PREFIX.v4} dev vswitch0 metric ${SWITCH_METRIC}`,
    `route add ${prefix} dev vpn0 metric ${VPN_METRIC}`,
  );

/** A second link between the distro and Windows, as two adapters of mirrored mode or a second switch give it. */
const SECOND_LINK: Link = {
  mtu: ETHERNET_MTU,
  ends: [
    { role: "guest", interface: "eth1", addresses: ["172.25.0.2/24", "2001:db8:a1::2/64"] },
    { role: "host", interface: "vswitch1", addresses: ["172.25.0.1/24", "2001:db8:a1::1/64"] },
  ],
};
const plain = wslTopology({ wsl: 2, tunnelMtu: null });
const TWO_LINKS: Topology = {
  ...plain,
  links: [...plain.links, SECOND_LINK],
  adapters: [
    ...plain.adapters,
    { ...SWITCH_ADAPTER, interface: "vswitch1", alias: "vEthernet (Second)" },
  ],
};
/** Answers from beyond the host come in by the second link; the host's own answers do not. */
const ANSWERS_BY_THE_SECOND = ip(
  ...(["host", "route add default via 172.25.0.2 dev vswitch1 table 99"] as const),
  `rule add iif wifi0 to ${GUEST.v4} lookup 99`,
);

const ofKernel = (cause: string, direction: Expected["direction"]): Expected =>
  fault(cause, "linux-stack", direction);

export const ROUTE_SCENARIOS: readonly Scenario[] = [
  wsl2Vpn({
    name: "vpn-steals-subnet",
    title: "WSL2 + VPN: the client has WSL's own prefix with a better metric",
    sees: "nothing works in the distro while the VPN is up",
    faults: [competing(GUEST_PREFIX.v4)],
    negativeFor: [...others("vpn-metric-steals-wsl-subnet"), "gateway-unreachable"],
    expected: fault("vpn-metric-steals-wsl-subnet", "windows-stack", "inbound"),
  }),
  wsl2Vpn({
    name: "vpn-steals-part",
    title: "WSL2 + VPN: the client has a longer prefix inside WSL's network",
    sees: "nothing works in the distro while the VPN is up",
    faults: [competing("172.24.25.16/29")],
    negativeFor: [...others("vpn-more-specific-route"), "gateway-unreachable"],
    expected: fault("vpn-more-specific-route", "windows-stack", "inbound"),
  }),
  wsl2Vpn({
    name: "vpn-wider-prefix",
    title: "WSL2 + VPN: the client has a wider prefix around WSL's network, which loses: no fault",
    sees: "everything works",
    faults: [ip("host", `route add 172.16.0.0/12 dev vpn0 metric ${VPN_METRIC}`)],
    negativeFor: OVERLAPS,
    expected: HEALTHY,
  }),
  wsl2Vpn({
    name: "target-in-wsl-subnet",
    title: "WSL2 + VPN: a host of the company has an address of WSL's own network",
    sees: "one host of the company is dead in the distro alone",
    target: NEIGHBOUR,
    faults: [ip("host", `route add 172.16.0.0/12 dev vpn0 metric ${VPN_METRIC}`)],
    negativeFor: ["destination-down", "gateway-unreachable", "vpn-metric-steals-wsl-subnet"],
    expected: fault("nat-subnet-overlap", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "neighbour-down",
    title: "A neighbour on WSL's own network that nobody knows of",
    sees: "one address is dead",
    target: NEIGHBOUR,
    negativeFor: ["nat-subnet-overlap", "gateway-unreachable"],
    expected: fault("destination-down", "destination"),
  }),
  wsl2({
    name: "docker-has-the-range",
    title: "A bridge of Docker has the range that the target is in",
    sees: "one range is dead in the distro alone",
    faults: [
      ip(
        ...(["guest", "link add br-0a1b2c3d4e5f type veth peer name veth0a1b"] as const),
        "address add 192.0.2.254/24 dev br-0a1b2c3d4e5f",
        "link set br-0a1b2c3d4e5f up",
        "link set veth0a1b up",
      ),
    ],
    negativeFor: ["destination-down", "nat-subnet-overlap", "vpn-client-inside-wsl"],
    expected: fault("docker-bridge-overlap", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "docker-elsewhere",
    title: "Docker's usual bridge, with a range that nobody wants: no fault",
    sees: "everything works",
    faults: [
      ip(
        ...(["guest", "link add docker0 type veth peer name veth0a1b"] as const),
        "address add 172.17.0.1/16 dev docker0",
        "link set docker0 up",
        "link set veth0a1b up",
      ),
    ],
    negativeFor: ["docker-bridge-overlap"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "vpn-in-the-distro",
    title: "The distro's default route leads into a VPN client of its own, whose far end is gone",
    sees: "nothing works in the distro until the client is stopped",
    faults: [
      ip(
        ...(["guest", "tuntap add dev tun0 mode tun"] as const),
        "address add 10.8.0.2/24 dev tun0",
        "link set tun0 up",
        "route add 0.0.0.0/1 dev tun0",
        "route add 128.0.0.0/1 dev tun0",
      ),
    ],
    negativeFor: [
      "no-default-route",
      "gateway-unreachable",
      "docker-bridge-overlap",
      "vpn-tunnel-dead",
    ],
    expected: ofKernel("vpn-client-inside-wsl", "outbound"),
  }),
  wsl2({
    name: "firewall-in-the-distro",
    title: "A rule of the distro's own firewall drops what goes to the port",
    sees: "one port times out in the distro alone",
    faults: [filter("guest", "output", "tcp dport 443 drop")],
    negativeFor: ["host-forwarding-blocked", "rp-filter-drop"],
    expected: ofKernel("linux-firewall-in-distro", "outbound"),
  }),
  wsl2({
    name: "firewall-in-the-distro-inbound",
    title: "A rule of the distro's own firewall drops the answers",
    sees: "one port times out in the distro alone",
    faults: [filter("guest", "input", "tcp sport 443 drop")],
    negativeFor: ["host-forwarding-blocked", "rp-filter-drop", "pmtu-inbound-blackhole"],
    expected: ofKernel("linux-firewall-in-distro", "inbound"),
  }),
  wsl2({
    name: "firewall-resets-in-the-distro",
    title: "A rule of the distro's own firewall refuses the port, in the server's name",
    sees: "connection refused in the distro alone",
    faults: [filter("guest", "output", "tcp dport 443 reject with tcp reset")],
    negativeFor: ["port-refused"],
    expected: ofKernel("linux-firewall-in-distro", "outbound"),
  }),
  wsl2({
    name: "firewall-harmless",
    title: "A firewall in the distro that drops what nobody sends: no fault",
    sees: "everything works",
    faults: [
      filter("guest", "output", "tcp dport 25 drop"),
      filter("guest", "input", "tcp dport 22 drop"),
    ],
    negativeFor: ["linux-firewall-in-distro"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "answers-by-another-interface",
    title: "Answers come in by another interface, and the reverse-path filter drops them",
    sees: "names resolve, connections time out",
    topology: TWO_LINKS,
    faults: [
      ANSWERS_BY_THE_SECOND,
      { kind: "kernel-setting", at: "guest", key: "net/ipv4/conf/all/rp_filter", value: "1" },
    ],
    negativeFor: ["linux-firewall-in-distro", "host-forwarding-blocked"],
    expected: ofKernel("rp-filter-drop", "inbound"),
  }),
  wsl2({
    name: "answers-by-another-interface-loose",
    title: "Answers come in by another interface, and the loose filter lets them: no fault",
    sees: "everything works",
    topology: TWO_LINKS,
    faults: [
      ANSWERS_BY_THE_SECOND,
      { kind: "kernel-setting", at: "guest", key: "net/ipv4/conf/all/rp_filter", value: "2" },
    ],
    negativeFor: ["rp-filter-drop"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "windows-without-ipv4",
    title: "Windows has IPv6 alone, and WSL's NAT gives the distro IPv4 alone",
    sees: "everything works in Windows, nothing in the distro",
    faults: [
      ip("host", "route del default"),
      { kind: "kernel-setting", at: "host", key: "net/ipv4/icmp_ratelimit", value: "0" },
    ],
    negativeFor: ["lan-gateway-unreachable", "host-forwarding-blocked", "no-default-route"],
    expected: fault("host-without-ipv4", "windows-stack", "outbound"),
  }),
  wsl2({
    name: "windows-without-a-route-to-it",
    title: "Windows itself says that the network is unreachable, for one network of many",
    sees: "one site is dead, in Windows and in the distro",
    faults: [
      ip("host", `rule add to ${SERVER.v4} unreachable`),
      { kind: "kernel-setting", at: "host", key: "net/ipv4/icmp_ratelimit", value: "0" },
    ],
    negativeFor: ["host-without-ipv4"],
    expected: fault("upstream-unreachable", "windows-stack", "outbound"),
  }),
  wsl2({
    name: "nat-missing",
    title: "Windows sends the distro's packets out untranslated, and no router has a route back",
    sees: "everything works in Windows, nothing beyond Windows does in the distro",
    topology: { ...plain, masquerades: plain.masquerades.filter(({ role }) => role !== "host") },
    negativeFor: ["upstream-unreachable", "lan-gateway-unreachable"],
    // From inside the two look the same: the candidate is listed beside the block as a note.
    expected: fault("host-forwarding-blocked", "windows-stack", null, {
      notes: ["nat-source-not-translated"],
    }),
  }),
];
