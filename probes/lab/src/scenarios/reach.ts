// Reaching the target: gateways, routers, ports and loss, and notes about routers that send few answers.

import { HOST_ON_SWITCH, LAN_OUTSIDE, LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import {
  degraded,
  fault,
  filter,
  HEALTHY,
  ip,
  noted,
  ROUTER_DNS,
  wsl2,
} from "./building-blocks.ts";
import type { Scenario } from "./scenario.ts";

const NO_ICMP = ["meta l4proto icmp drop", "icmpv6 type { 1, 2, 3, 129 } drop"];

export const REACH_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "no-default-route",
    title: "The distro has lost its default route",
    sees: "Network is unreachable",
    faults: [ip("guest", "route del default", `route del default via ${HOST_ON_SWITCH.v6}`)],
    negativeFor: ["gateway-unreachable", "mirrored-routes-lost"],
    expected: fault("no-default-route", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "route-blackhole",
    title: "A route of type blackhole holds the server's network",
    sees: "Invalid argument",
    faults: [ip("guest", `route add blackhole ${SERVER.v4}/28`)],
    negativeFor: ["no-default-route", "mirrored-routes-lost", "linux-firewall-in-distro"],
    expected: fault("route-blocks", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "rule-prohibits",
    title:
      "A policy rule of type prohibit is about everything from this machine but its own network",
    sees: "Permission denied",
    target: SERVER.v4,
    faults: [
      ip(
        "guest",
        "rule add priority 50 to 172.24.16.0/20 lookup main",
        "rule add priority 60 prohibit",
      ),
    ],
    negativeFor: ["no-default-route", "port-filtered"],
    expected: fault("route-blocks", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "rule-prohibits-port",
    title: "A policy rule of type unreachable is about the port alone",
    sees: "Network is unreachable, for one port",
    faults: [ip("guest", "rule add priority 70 ipproto tcp dport 443 unreachable")],
    negativeFor: ["no-default-route", "upstream-unreachable"],
    expected: fault("route-blocks", "linux-stack", "outbound"),
  }),
  wsl2({
    name: "route-unreachable-behind-default",
    title: "A default route of type unreachable stands behind the real one: no fault",
    sees: "everything works",
    faults: [
      ip(
        ...(["guest", "route add unreachable default metric 4278198272"] as const),
        "route add blackhole 198.18.0.0/15",
        "rule add priority 50 fwmark 0x7 prohibit",
      ),
    ],
    negativeFor: ["route-blocks"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "two-half-routes",
    title: "No default route, but two halves that cover everything: no fault",
    sees: "everything works",
    faults: [ip("guest", "route del default", ...halves("172.24.16.1"))],
    negativeFor: ["no-default-route", "vpn-client-inside-wsl"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "gateway-gone",
    title: "WSL2: the Windows end of WSL's switch does not even answer ARP",
    sees: "nothing works in the distro",
    target: SERVER.v4,
    faults: [
      { kind: "kernel-setting", at: "host", key: "net/ipv4/conf/all/arp_ignore", value: "8" },
    ],
    negativeFor: ["no-default-route", "lan-gateway-unreachable", "host-forwarding-blocked"],
    expected: fault("gateway-unreachable", "vswitch", "both"),
  }),
  wsl2({
    name: "switch-without-carrier",
    title: "WSL2: the Windows end of WSL's switch is off, so that the distro's link has no carrier",
    sees: "nothing works in the distro",
    target: SERVER.v4,
    // The proxy on the switch could not bind there.
    resolvers: [ROUTER_DNS],
    resolvConf: [LAN_ROUTER.v4],
    faults: [{ kind: "link-down", at: "host", interface: "vswitch0" }],
    negativeFor: ["no-default-route", "lan-gateway-unreachable", "host-forwarding-blocked"],
    expected: fault("vethernet-disconnected", "vswitch", "both"),
  }),
  wsl2({
    name: "next-hop-dead",
    title: "The default route has two next hops, and nobody has the address of one",
    sees: "some connections work at once, others fail after three seconds",
    target: SERVER.v4,
    faults: [
      ip(
        ...(["guest", "route del default"] as const),
        `route add default nexthop via ${HOST_ON_SWITCH.v4} dev eth0 weight 1 nexthop via 172.24.31.9 dev eth0 weight 1`,
      ),
      {
        kind: "kernel-setting",
        at: "guest",
        key: "net/ipv4/fib_multipath_hash_policy",
        value: "1",
      },
    ],
    negativeFor: ["path-loss", "ecmp-branch-broken"],
    expected: { ...degraded("gateway-unreachable", "vswitch", "both"), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "gateway-gone-with-names",
    title: "The same, and the target is a name, which only the gateway's DNS proxy could resolve",
    sees: "no name resolves in the distro, and nothing else works either",
    faults: [
      { kind: "kernel-setting", at: "host", key: "net/ipv4/conf/all/arp_ignore", value: "8" },
    ],
    negativeFor: ["dns-proxy-blocked-by-local-firewall", "nat-subnet-overlap"],
    expected: fault("gateway-unreachable", "vswitch", "both"),
  }),
  wsl2({
    name: "gateway-mute",
    title: "Windows is silent but for ARP and DNS, and forwards: no fault",
    sees: "the gateway cannot be pinged, everything works",
    faults: [
      filter("host", "input", 'iifname "vswitch0" meta l4proto icmp drop'),
      filter("host", "output", ...NO_ICMP),
    ],
    negativeFor: [
      "gateway-unreachable",
      "host-forwarding-blocked",
      "icmp-filtered",
      "nothing-answers",
    ],
    expected: noted("hop-silent"),
  }),
  wsl2({
    name: "routing-loop",
    title: "The provider and the home router send the target's packets to each other",
    sees: "timeouts; traceroute shows the same two routers again and again",
    // Over IPv6, as the home router takes no packet that has its own address as its source.
    faults: [ip("internet", `route add ${SERVER.v6}/128 via ${LAN_OUTSIDE.v6}`)],
    family: 6,
    negativeFor: ["upstream-unreachable", "destination-down"],
    expected: fault("routing-loop", "internet-hop", "outbound"),
  }),
  wsl2({
    name: "provider-forbids",
    title: "A router of the provider forbids the connection, by ICMP",
    sees: "connection refused at once",
    faults: [
      filter(
        "internet",
        "forward",
        'iifname "home0" meta l4proto { tcp, udp } reject with icmpx type admin-prohibited',
      ),
    ],
    negativeFor: ["port-refused", "port-filtered"],
    expected: fault("admin-prohibited", "internet-hop", "outbound"),
  }),
  wsl2({
    name: "provider-down",
    title: "The home router has no route to the internet, and reports it by ICMP",
    sees: "nothing works, in Windows and in the distro",
    faults: [
      ip("lan", "route del default"),
      // Linux sends this error once a second to each peer (icmp(7)), and the first may go to Windows.
      { kind: "kernel-setting", at: "lan", key: "net/ipv4/icmp_ratelimit", value: "0" },
    ],
    negativeFor: [
      "lan-gateway-unreachable",
      "host-forwarding-blocked",
      "nat-source-not-translated",
      "routing-loop",
    ],
    expected: fault("upstream-unreachable", "lan-gateway", "outbound"),
  }),
  wsl2({
    name: "server-down",
    title: "The server is off: its last router reports it by ICMP",
    sees: "one site is dead, in Windows and in the distro",
    faults: [{ kind: "link-down", at: "server", interface: "eth0" }],
    negativeFor: ["upstream-unreachable", "port-filtered"],
    expected: fault("destination-down", "destination"),
  }),
  wsl2({
    name: "port-closed",
    title: "Nothing listens on the server's port",
    sees: "connection refused",
    faults: [filter("server", "input", "tcp dport 443 reject with tcp reset")],
    negativeFor: [
      "port-filtered",
      "admin-prohibited",
      "tls-middlebox-reset",
      "hosts-file-override",
    ],
    expected: fault("port-refused", "destination"),
  }),
  wsl2({
    name: "port-filtered",
    title: "The home router drops the port, and nothing else",
    sees: "one port times out",
    faults: [filter("lan", "forward", "tcp dport 443 drop")],
    negativeFor: [
      "destination-down",
      "ecmp-branch-broken",
      "path-loss",
      "port-refused",
      "linux-firewall-in-distro",
      "proxy-required-but-unset",
    ],
    expected: fault("port-filtered", null, "outbound"),
  }),
  wsl2({
    name: "balanced-way-dead",
    title: "Behind the home router one of two ECMP paths is dead: the same ports each time",
    sees: "some connections work at once, others never",
    faults: [
      filter(
        ...(["lan", "forward"] as const),
        'iifname "lan0" meta l4proto { tcp, udp } jhash th sport mod 2 seed 7 == 0 drop',
      ),
    ],
    options: ["--flows", "12"],
    negativeFor: ["path-loss", "port-filtered", "new-connections-lost"],
    expected: { ...degraded("ecmp-branch-broken", "internet-hop"), orVerdicts: ["fault"] },
  }),
  wsl2({
    name: "server-limits-icmp",
    title: "The server answers one probe in three seconds, TCP is untouched: no fault",
    sees: "ping shows loss, everything works",
    faults: [
      filter(
        ...(["server", "output"] as const),
        "icmp type destination-unreachable limit rate over 20/minute burst 1 packets drop",
      ),
    ],
    negativeFor: ["path-loss", "icmp-filtered", "pmtu-outbound-blackhole"],
    expected: noted("icmp-rate-limited"),
  }),
  wsl2({
    name: "router-silent",
    title: "The home router answers no probe, and passes everything on: no fault",
    sees: "a star in traceroute, everything works",
    faults: [filter("lan", "output", ...NO_ICMP)],
    negativeFor: ["lan-gateway-unreachable", "icmp-filtered", "path-loss", "icmp-rate-limited"],
    expected: noted("hop-silent"),
  }),
];

function halves(gateway: string): readonly string[] {
  return ["0.0.0.0/1", "128.0.0.0/1"].map((half) => `route add ${half} via ${gateway}`);
}
