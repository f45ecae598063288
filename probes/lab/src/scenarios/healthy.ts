// Networks that are odd, and work: nothing may be found in them.

import { LAN_ROUTER, SERVER, VPN_DNS } from "../topology/addresses.ts";
import { LAN_ALIAS, TUNNEL_MTU, VPN_ALIAS } from "../topology/names.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import {
  COMPANY_DNS,
  DISTRO,
  filter,
  HEALTHY,
  ip,
  ROUTER_DNS,
  SWITCH_PROXY,
  wsl2,
} from "./building-blocks.ts";
import type { Fault } from "./fault.ts";
import type { Scenario } from "./scenario.ts";

/** Where WSL's DNS tunnel listens in the distro. */
export const TUNNEL_DNS = "10.255.255.254";
export const DNS_TUNNEL: Fault = ip("guest", `address add ${TUNNEL_DNS}/32 dev lo`);

const PROXY_PORT = 3128;
const PROXY_URL = `http://${LAN_ROUTER.v4}:${PROXY_PORT}`;

export const HEALTHY_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "server-cookies",
    title: "A server with SYN cookies, which round the MSS, and no limit: no fault",
    sees: "everything works",
    faults: [{ kind: "kernel-setting", at: "server", key: "net/ipv4/tcp_syncookies", value: "2" }],
    negativeFor: ["pmtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "ipv6-only",
    title: "A name with an IPv6 address only: no fault",
    sees: "everything works",
    target: "ipv6.example.test",
    family: null,
    negativeFor: ["ipv6-preferred-but-dead", "dns-v6-query-delay", "dns-name-does-not-exist"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "split-tunnel",
    title: "WSL2 + a split VPN with a small tunnel, which the target is not behind: no fault",
    sees: "everything works",
    topology: wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU, split: true }),
    resolvers: [SWITCH_PROXY, ROUTER_DNS, COMPANY_DNS],
    windowsNames: {
      adapterServers: { [LAN_ALIAS]: [LAN_ROUTER.v4], [VPN_ALIAS]: [VPN_DNS.v4] },
      nrpt: [{ namespace: ".corp.test", servers: [VPN_DNS.v4] }],
    },
    negativeFor: ["vpn-tunnel-dead", "nrpt-only-vpn-dns", "vpn-mtu-outbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "slow-link",
    title: "Half a megabit inbound: no fault",
    sees: "everything is slow, and works",
    faults: [{ kind: "slow", at: "internet", interface: "home0", rate: "500kbit" }],
    negativeFor: ["path-loss", "pmtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "proxy-works",
    title: "A proxy in Windows and in the distro, and it works: no fault",
    sees: "everything works",
    services: [{ kind: "proxy", at: "lan", port: PROXY_PORT }],
    distro: { ...DISTRO, env: { https_proxy: PROXY_URL } },
    windowsReports: { proxy: { ProxyEnable: 1, ProxyServer: `${LAN_ROUTER.v4}:${PROXY_PORT}` } },
    negativeFor: ["proxy-set-but-dead", "autoproxy-stale", "proxy-required-but-unset"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "dns-tunnel",
    title: "WSL's DNS tunnel on loopback: no fault",
    sees: "everything works",
    faults: [DNS_TUNNEL],
    resolvers: [{ at: "guest", addresses: [TUNNEL_DNS], behaviour: "answer" }, ROUTER_DNS],
    resolvConf: [TUNNEL_DNS],
    windowsReports: { wslconfig: "[wsl2]\ndnsTunneling=true\n" },
    negativeFor: [
      "dns-tunneling-off-or-unsupported",
      "dns-tunneling-strict-edns",
      "dns-tunneling-vpn-conflict",
    ],
    expected: HEALTHY,
  }),
  wsl2({
    name: "mirrored",
    title: "Mirrored mode: the distro has the host's own addresses, and loopback0: no fault",
    sees: "everything works",
    topology: wslTopology({ wsl: 1, tunnelMtu: null }),
    faults: [
      ip(
        "host",
        "link add loopback0 type veth peer name loopback1",
        "link set loopback0 up",
        "link set loopback1 up",
      ),
    ],
    resolvers: [ROUTER_DNS],
    resolvConf: [LAN_ROUTER.v4],
    vantage: "host",
    negativeFor: [
      "mirrored-local-policy-routing",
      "mirrored-wrong-source-address",
      "nat-subnet-overlap",
    ],
    expected: HEALTHY,
  }),
  wsl2({
    name: "user-mode-nat",
    title:
      "As wsl-vpnkit and consomme have it: Windows ends TCP itself and forwards no ICMP: no fault",
    sees: "ping fails, everything else works",
    services: [
      {
        kind: "relay",
        at: "host",
        port: 8443,
        resetsNamed: null,
        to: { address: SERVER.v4, port: 443 },
      },
      {
        kind: "relay",
        at: "host",
        port: 8080,
        resetsNamed: null,
        to: { address: SERVER.v4, port: 80 },
      },
    ],
    faults: [
      filter(
        ...(["host", "redirect"] as const),
        'iifname "vswitch0" tcp dport 443 redirect to :8443',
        'iifname "vswitch0" tcp dport 80 redirect to :8080',
      ),
      filter("host", "forward", 'iifname "vswitch0" drop'),
      filter("host", "output", "meta l4proto icmp drop"),
    ],
    negativeFor: [
      "host-forwarding-blocked",
      "upstream-unreachable",
      "gateway-unreachable",
      "captive-portal",
    ],
    expected: HEALTHY,
  }),
  wsl2({
    name: "eth0-with-vpns-mtu",
    title: "WSL2 + VPN: newer WSL gives eth0 the tunnel's MTU: no fault",
    sees: "everything works",
    topology: wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU }),
    faults: [
      { kind: "silent-packet-too-big", at: "vpn-gateway" },
      { kind: "silent-packet-too-big", at: "host" },
      ip("guest", `link set eth0 mtu ${TUNNEL_MTU}`),
    ],
    resolvers: [SWITCH_PROXY, COMPANY_DNS],
    windowsNames: { adapterServers: { [LAN_ALIAS]: [], [VPN_ALIAS]: [VPN_DNS.v4] }, nrpt: [] },
    negativeFor: ["vpn-mtu-inbound-blackhole", "vpn-mtu-outbound-blackhole", "pmtu-cached"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "forced-tunnel-dns-works",
    title: "WSL1 + VPN: the company's name server stands in NRPT and in resolv.conf: no fault",
    sees: "everything works",
    topology: wslTopology({ wsl: 1, tunnelMtu: TUNNEL_MTU }),
    resolvers: [COMPANY_DNS],
    resolvConf: [VPN_DNS.v4],
    windowsNames: {
      adapterServers: { [LAN_ALIAS]: [], [VPN_ALIAS]: [] },
      nrpt: [{ namespace: ".", servers: [VPN_DNS.v4] }],
    },
    vantage: "host",
    negativeFor: ["nrpt-only-vpn-dns", "resolvconf-manual-stale", "wsl1-unsupported-operation"],
    expected: HEALTHY,
  }),
];
