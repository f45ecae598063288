// Every scenario of the lab, by name.

import { ADDRESS_SCENARIOS } from "./scenarios/addresses.ts";
import { BALANCED_SIZE_SCENARIOS } from "./scenarios/balanced-sizes.ts";
import {
  COMPANY_DNS,
  FAR_END_SILENT,
  HEALTHY,
  HOST_SILENT,
  hostFault,
  INBOUND_BLACKHOLE,
  noted,
  ROUTER_DNS_SILENT,
  wsl2,
  wsl2Vpn,
} from "./scenarios/building-blocks.ts";
import { DATAGRAM_SCENARIOS } from "./scenarios/datagrams.ts";
import { DISTRO_VPN_SCENARIOS } from "./scenarios/distro-vpn.ts";
import { NAME_SCENARIOS } from "./scenarios/dns.ts";
import { EDNS_SCENARIOS } from "./scenarios/dns-edns.ts";
import { ECN_SCENARIOS } from "./scenarios/ecn.ts";
import { HEALTHY_SCENARIOS } from "./scenarios/healthy.ts";
import { INBOUND_SCENARIOS } from "./scenarios/inbound.ts";
import { LOSS_SCENARIOS } from "./scenarios/loss.ts";
import { MIRRORED_SCENARIOS } from "./scenarios/mirrored.ts";
import { MUTE_GATEWAY_SCENARIOS } from "./scenarios/mute-gateways.ts";
import { ODD_SERVER_SCENARIOS } from "./scenarios/odd-servers.ts";
import { PROXY_SCENARIOS } from "./scenarios/proxies.ts";
import { REACH_SCENARIOS } from "./scenarios/reach.ts";
import { REQUEST_SCENARIOS } from "./scenarios/requests.ts";
import { ROUTE_SCENARIOS } from "./scenarios/routes.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { SIZE_SCENARIOS } from "./scenarios/sizes.ts";
import { TRANSFER_SCENARIOS } from "./scenarios/transfers.ts";
import { TWO_FAULT_SCENARIOS } from "./scenarios/two-faults.ts";
import { WEB_SCENARIOS } from "./scenarios/web.ts";
import { WINDOWS_FILTER_SCENARIOS } from "./scenarios/windows-filter.ts";
import { WSL_NAME_SCENARIOS } from "./scenarios/wsl-dns.ts";
import { WSL_NETWORK_SCENARIOS } from "./scenarios/wsl-network.ts";
import { both, HOST_ON_SWITCH, LAN_ROUTER, VPN_DNS } from "./topology/addresses.ts";
import { ETHERNET_MTU, LAN_ALIAS, TUNNEL_MTU, VPN_ALIAS } from "./topology/names.ts";
import { wslTopology } from "./topology/wsl-topology.ts";

/** A server's link with a smaller MTU than Ethernet's, which is reported by ICMP. */
const SMALL_SERVER_MTU = 1380;

/** What the tool was made for, and what is most like it. */
const MAIN: readonly Scenario[] = [
  wsl2Vpn({
    name: "wsl2-vpn",
    title: "WSL2 + VPN: the far end of the tunnel drops packets above its MTU and sends no ICMP",
    sees: "names, ping and TCP connect work; TLS hangs behind the ClientHello on most sites",
    faults: [FAR_END_SILENT],
    expected: INBOUND_BLACKHOLE,
  }),
  wsl2Vpn({
    name: "wsl2-vpn-silent",
    title: "WSL2 + VPN: the same, and the Windows host sends no ICMP about them either",
    sees: "the same, and uploads hang too",
    faults: [FAR_END_SILENT, HOST_SILENT],
    expected: { ...INBOUND_BLACKHOLE, alsoCauses: ["vpn-mtu-outbound-blackhole"] },
  }),
  wsl2({
    name: "wsl1-nrpt",
    title: "WSL1 + VPN: resolv.conf names the router, the VPN's name server is only in NRPT",
    sees: "Temporary failure in name resolution, while Windows resolves everything",
    topology: wslTopology({ wsl: 1, tunnelMtu: TUNNEL_MTU }),
    resolvers: [COMPANY_DNS, ROUTER_DNS_SILENT],
    resolvConf: [LAN_ROUTER.v4],
    windowsNames: {
      adapterServers: { [LAN_ALIAS]: [LAN_ROUTER.v4], [VPN_ALIAS]: [] },
      nrpt: [{ namespace: ".", servers: [VPN_DNS.v4] }],
    },
    vantage: "host",
    expected: {
      verdict: "fault",
      cause: "nrpt-only-vpn-dns",
      segment: "resolver",
      direction: null,
      inboundPmtu: null,
      alsoCauses: [],
    },
  }),
  wsl2({
    name: "wsl2-healthy",
    title: "WSL2 without a VPN, 1500 bytes all along: no fault",
    sees: "everything works",
    expected: { ...HEALTHY, inboundPmtu: ETHERNET_MTU },
  }),
  wsl2Vpn({
    name: "wsl2-vpn-pmtud-ok",
    title: "WSL2 + VPN: the same small tunnel, but ICMP fragmentation needed arrives: no fault",
    sees: "everything works, after one round trip more",
    expected: HEALTHY,
  }),
  wsl2({
    name: "server-mtu-1380",
    title: "A server behind a link of 1380 bytes, no VPN: no fault",
    sees: "everything works",
    topology: wslTopology({ wsl: 2, tunnelMtu: null, serverMtu: SMALL_SERVER_MTU }),
    expected: { ...HEALTHY, inboundPmtu: SMALL_SERVER_MTU },
  }),
  wsl2Vpn({
    name: "server-syncookies",
    title: "The black hole, and a server with SYN cookies, which round the MSS",
    sees: "the same as wsl2-vpn",
    faults: [
      FAR_END_SILENT,
      { kind: "kernel-setting", at: "server", key: "net/ipv4/tcp_syncookies", value: "2" },
    ],
    // Cookies know the sizes 1340 and 1480 around the limit, and nothing between.
    expected: { ...INBOUND_BLACKHOLE, inboundPmtu: null },
  }),
  wsl2Vpn({
    name: "vpn-mss-clamped",
    title: "The small silent tunnel, but a router lowers the MSS of every SYN: no fault",
    sees: "everything works",
    faults: [
      FAR_END_SILENT,
      HOST_SILENT,
      { kind: "clamp-mss", at: "vpn-gateway", mtu: TUNNEL_MTU },
    ],
    negativeFor: ["vpn-mtu-inbound-blackhole", "vpn-mtu-outbound-blackhole"],
    expected: noted("mss-clamped"),
  }),
  wsl2Vpn({
    name: "server-mtu-probing",
    title: "The black hole, and a server that probes for it: connections recover after seconds",
    sees: "every first connection hangs for about three seconds",
    faults: [
      FAR_END_SILENT,
      { kind: "kernel-setting", at: "server", key: "net/ipv4/tcp_mtu_probing", value: "1" },
    ],
    expected: { ...INBOUND_BLACKHOLE, verdict: "degraded" },
  }),
  wsl2({
    name: "server-small-flight",
    title: "A server whose whole answer fits one segment, no VPN: no fault",
    sees: "everything works",
    server: { flight: "tiny", bodyBytes: 100 },
    expected: HEALTHY,
  }),
  wsl2Vpn({
    name: "vpn-small-flight",
    title:
      "The black hole, and a server whose whole answer fits one segment: longer ones would stop",
    sees: "this page works, longer ones hang",
    faults: [FAR_END_SILENT],
    server: { flight: "tiny", bodyBytes: 100 },
    expected: { ...INBOUND_BLACKHOLE, verdict: "degraded" },
  }),
  wsl2({
    name: "wsl2-forwarding-blocked",
    title: "WSL2: Windows reaches everything and forwards nothing, as with a client's kill switch",
    sees: "everything works in Windows, nothing beyond Windows does in the distro",
    faults: [
      {
        kind: "drop",
        at: "host",
        arrivingOn: "vswitch0",
        largerThanBytes: null,
        protocol: null,
      },
    ],
    expected: hostFault("host-forwarding-blocked", "windows-stack"),
  }),
  wsl2Vpn({
    name: "wsl2-vpn-dead",
    title: "WSL2 + VPN: the far end receives nothing from the tunnel, its outer address answers",
    sees: "nothing works, in Windows and in the distro, while the VPN says connected",
    faults: [{ kind: "receive-blocked", at: "vpn-gateway", on: "vpn0" }],
    expected: hostFault("vpn-tunnel-dead", "vpn-adapter"),
  }),
  wsl2({
    name: "wsl2-router-gone",
    title: "WSL2: the home router does not even answer ARP",
    sees: "nothing works, in Windows and in the distro",
    faults: [
      { kind: "kernel-setting", at: "lan", key: "net/ipv4/conf/all/arp_ignore", value: "8" },
    ],
    expected: { ...hostFault("lan-gateway-unreachable", "lan-gateway"), direction: "both" },
  }),
  wsl2({
    name: "wsl2-cable-out",
    title: "WSL2: the Wi-Fi of the Windows host is down",
    sees: "nothing works, in Windows and in the distro",
    faults: [{ kind: "link-down", at: "host", interface: "wifi0" }],
    expected: { ...hostFault("lan-gateway-unreachable", "physical-nic"), direction: "both" },
  }),
  wsl2({
    name: "wsl2-host-dns-dead",
    title:
      "WSL2: the name servers that Windows uses are silent, and so is its proxy for the distro",
    sees: "no name resolves, in Windows and in the distro",
    resolvers: [
      { ...ROUTER_DNS_SILENT, at: "host", addresses: both(HOST_ON_SWITCH) },
      ROUTER_DNS_SILENT,
    ],
    expected: hostFault("dns-server-unreachable", "resolver"),
  }),
  wsl2({
    name: "middlebox-eats-payload",
    title: "A middlebox drops every byte that the server sends: not a matter of size",
    sees: "TCP connects, TLS hangs on every site, whatever the MTU",
    faults: [{ kind: "eat-payload", at: "internet", fromPort: 443 }],
    expected: {
      verdict: "fault",
      cause: "server-silent",
      segment: null,
      direction: "inbound",
      inboundPmtu: null,
      alsoCauses: [],
    },
  }),
];

/** What they are about, in the order that they are listed. */
export const SCENARIOS_BY_KIND: Readonly<Record<string, readonly Scenario[]>> = {
  "main cases": MAIN,
  sizes: SIZE_SCENARIOS,
  "balanced sizes": BALANCED_SIZE_SCENARIOS,
  names: NAME_SCENARIOS,
  EDNS: EDNS_SCENARIOS,
  "WSL's names": WSL_NAME_SCENARIOS,
  routes: ROUTE_SCENARIOS,
  "A service of the distro": INBOUND_SCENARIOS,
  "WSL's card": MIRRORED_SCENARIOS,
  "WSL's network": WSL_NETWORK_SCENARIOS,
  "filters of Windows": WINDOWS_FILTER_SCENARIOS,
  "VPN in the distro": DISTRO_VPN_SCENARIOS,
  reach: REACH_SCENARIOS,
  "a mute gateway": MUTE_GATEWAY_SCENARIOS,
  loss: LOSS_SCENARIOS,
  addresses: ADDRESS_SCENARIOS,
  datagrams: DATAGRAM_SCENARIOS,
  "connection requests": REQUEST_SCENARIOS,
  web: WEB_SCENARIOS,
  proxies: PROXY_SCENARIOS,
  "odd servers": ODD_SERVER_SCENARIOS,
  transfers: TRANSFER_SCENARIOS,
  ECN: ECN_SCENARIOS,
  "two faults": TWO_FAULT_SCENARIOS,
  healthy: HEALTHY_SCENARIOS,
};

export const SCENARIOS: readonly Scenario[] = Object.values(SCENARIOS_BY_KIND).flat();

/** The scenario of that name, or undefined. */
export function scenarioNamed(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
