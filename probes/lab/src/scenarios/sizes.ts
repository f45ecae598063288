// Sizes: silent limits with and without a VPN to blame, and what only looks like one.

import { LAN_ROUTER, SERVER } from "../topology/addresses.ts";
import { TUNNEL_MTU } from "../topology/names.ts";
import { wslTopology } from "../topology/wsl-topology.ts";
import {
  DISTRO,
  degraded,
  FAR_END_SILENT,
  fault,
  filter,
  HEALTHY,
  HOST_SILENT,
  INBOUND_BLACKHOLE,
  ip,
  noted,
  wsl2,
  wsl2Vpn,
} from "./building-blocks.ts";
import type { Drop, Fault } from "./fault.ts";
import type { Scenario } from "./scenario.ts";

/** A provider's tunnel with a small MTU that nothing reports. */
const PROVIDER_MTU = 1452;
/** Below the two segments of a ClientHello with a post-quantum key share, however they are cut. */
const HELLO_MEETS = 1100;

/** What every host must take (RFC 1122 s.3.3.3), and not a byte more. */
const SMALLEST_MTU = 576;
/** No multiple of anything, and nobody's: found by search alone. */
const ODD_MTU = 1001;

/** What is left of the adapter's MTU where the tunnel's own headers were counted too small. */
const CARRIED_MTU = 1372;
const droppedAbove = (at: Drop["at"], arrivingOn: string): Drop => ({
  kind: "drop",
  at,
  arrivingOn,
  largerThanBytes: CARRIED_MTU,
  protocol: null,
});
/** Both ends of the tunnel lose what it does not carry. */
const CARRIES_LESS = [droppedAbove("host", "vswitch0"), droppedAbove("vpn-gateway", "wan0")];

const provider = (arrivingOn: string, mtu = PROVIDER_MTU): Drop => ({
  kind: "drop",
  at: "internet",
  arrivingOn,
  largerThanBytes: mtu,
  protocol: null,
});

/** Answers that are larger are lost, of whatever protocol, and nobody says so. */
const inboundLimit = (bytes: number): Drop => ({
  kind: "drop",
  at: "internet",
  arrivingOn: "rack0",
  largerThanBytes: bytes,
  protocol: null,
});

/** Ping sockets for every user, as most distros allow them. */
const ANY_USER_PINGS: Fault = {
  kind: "kernel-setting",
  at: "guest",
  key: "net/ipv4/ping_group_range",
  value: "0 2147483647",
};

/** What the distro's kernel has cached: a datagram that took another route was too large for it, and nothing else takes that route. */
const CACHED_1400 = {
  faults: [
    ip(
      "host",
      `route add ${SERVER.v4} via ${LAN_ROUTER.v4} dev wifi0 mtu 1400 table 7`,
      `route add ${SERVER.v6} via ${LAN_ROUTER.v6} dev wifi0 mtu 1400 table 7`,
      `rule add to ${SERVER.v4} ipproto udp dport 9 table 7`,
    ),
    { ...ip("host", `rule add to ${SERVER.v6} ipproto udp dport 9 table 7`), family: 6 },
  ],
  distro: {
    ...DISTRO,
    before: [SERVER.v4, SERVER.v6].map((address) => [
      "bash",
      "-c",
      `head -c 1440 /dev/zero >/dev/udp/${address}/9`,
    ]),
  },
} satisfies Partial<Scenario>;
/** Answers above what is cached are lost, which shows once the entry expires. */
const HIDDEN_1400 = {
  sees: "everything works, for the next ten minutes",
  faults: [...CACHED_1400.faults, inboundLimit(1400)],
  negativeFor: ["vpn-mtu-inbound-blackhole"],
  expected: degraded("pmtu-inbound-blackhole", null, "inbound", {
    inboundPmtu: 1400,
    notes: ["pmtu-cached"],
    asUser: { verdicts: ["inconclusive"] },
  }),
} satisfies Partial<Scenario>;

export const SIZE_SCENARIOS: readonly Scenario[] = [
  wsl2({
    name: "provider-inbound-blackhole",
    title: "A split VPN is up, and the provider drops large answers: no VPN is to blame",
    sees: "TLS hangs on most sites, VPN or not",
    topology: wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU, split: true }),
    faults: [provider("rack0")],
    negativeFor: ["vpn-mtu-inbound-blackhole", "tls-middlebox-reset"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", { inboundPmtu: PROVIDER_MTU }),
  }),
  wsl2({
    name: "inbound-limit-smallest",
    title:
      "Answers above 576 bytes are lost, the smallest size that is probed: a size limit all the same",
    sees: "TLS hangs on all sites",
    faults: [provider("rack0", SMALLEST_MTU)],
    negativeFor: ["tls-middlebox-reset", "server-silent", "path-loss"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", { inboundPmtu: SMALLEST_MTU }),
  }),
  wsl2({
    name: "inbound-limit-odd",
    title: "Answers above 1001 bytes are lost, a size that nothing names",
    sees: "TLS hangs on all sites",
    faults: [provider("rack0", ODD_MTU)],
    negativeFor: ["vpn-mtu-inbound-blackhole", "path-loss"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", { inboundPmtu: ODD_MTU }),
  }),
  wsl2Vpn({
    name: "tunnel-carries-less",
    title: "WSL2 + VPN: the adapter has 1400, the tunnel carries 1372, and both ends are silent",
    sees: "TLS hangs on most sites, uploads everywhere",
    faults: [...CARRIES_LESS, HOST_SILENT, FAR_END_SILENT],
    negativeFor: ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole", "path-loss"],
    expected: {
      ...INBOUND_BLACKHOLE,
      inboundPmtu: CARRIED_MTU,
      outboundPmtu: CARRIED_MTU,
      alsoCauses: ["vpn-mtu-outbound-blackhole"],
    },
  }),
  wsl2Vpn({
    name: "tunnel-carries-less-than-windows-says",
    title: "WSL2 + VPN: Windows names the adapter's 1400, and the tunnel carries 1372 in silence",
    sees: "TLS hangs on most sites, uploads everywhere",
    faults: CARRIES_LESS,
    negativeFor: ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole"],
    expected: {
      ...INBOUND_BLACKHOLE,
      inboundPmtu: CARRIED_MTU,
      outboundPmtu: CARRIED_MTU,
      alsoCauses: ["vpn-mtu-outbound-blackhole"],
    },
  }),
  wsl2Vpn({
    name: "limit-behind-the-tunnel",
    title: "WSL2 + VPN: a provider behind the far end loses what is larger than 1372",
    sees: "TLS hangs on some sites, uploads to them too",
    // By the server's address: the tunnel's own packets take the same links.
    faults: [
      filter(
        "internet",
        "forward",
        ...["ip saddr", "ip daddr"].map(
          (end) => `${end} ${SERVER.v4} meta length > ${CARRIED_MTU} drop`,
        ),
      ),
    ],
    negativeFor: ["vpn-mtu-inbound-blackhole", "vpn-mtu-outbound-blackhole"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", {
      inboundPmtu: CARRIED_MTU,
      outboundPmtu: CARRIED_MTU,
      alsoCauses: ["pmtu-outbound-blackhole"],
    }),
  }),
  wsl2Vpn({
    name: "wsl2-vpn-uploads",
    title: "WSL2 + VPN: only the Windows host sends no ICMP about too large packets",
    sees: "pages load, uploads hang",
    faults: [HOST_SILENT],
    // A server that learns the inbound limit from ICMP offers a smaller MSS from then on, and uploads work.
    server: { flight: "tiny", bodyBytes: 100 },
    negativeFor: ["vpn-mtu-inbound-blackhole", "pmtu-inbound-blackhole"],
    expected: degraded("vpn-mtu-outbound-blackhole", "vpn-adapter", "outbound", {
      outboundPmtu: TUNNEL_MTU,
    }),
  }),
  wsl2({
    name: "provider-outbound-blackhole",
    title: "A split VPN is up, and the provider drops large packets on the outbound path",
    sees: "pages load, uploads hang",
    topology: wslTopology({ wsl: 2, tunnelMtu: TUNNEL_MTU, split: true }),
    faults: [provider("home0")],
    negativeFor: ["vpn-mtu-outbound-blackhole"],
    expected: degraded("pmtu-outbound-blackhole", null, "outbound", { outboundPmtu: PROVIDER_MTU }),
  }),
  wsl2({
    name: "outbound-limit-below-a-hello",
    title: "The provider drops outbound packets so small that a large ClientHello meets the limit",
    sees: "pages load in curl, browsers and uploads hang",
    faults: [{ ...provider("home0"), largerThanBytes: HELLO_MEETS }],
    negativeFor: ["tls-large-hello-lost", "path-loss"],
    expected: degraded("pmtu-outbound-blackhole", null, "outbound", { outboundPmtu: HELLO_MEETS }),
  }),
  wsl2Vpn({
    name: "pmtu-learnt",
    title: "WSL2 + VPN: the kernel has a cached path MTU: it works now, and proves nothing",
    sees: "everything works, for the next ten minutes",
    distro: {
      ...DISTRO,
      // A datagram that fills the link, with DF as Linux sends it; every distro has bash, and not every one ping.
      before: [["bash", "-c", `head -c 1472 /dev/zero >/dev/udp/${SERVER.v4}/9`]],
    },
    // Without the cache the server is notified of the limit, and keeps to it; that only root can see.
    expected: {
      ...noted("pmtu-cached"),
      asUser: { verdicts: ["inconclusive"] },
    },
  }),
  wsl2({
    ...CACHED_1400,
    name: "pmtu-cached-no-more",
    title: "The kernel has a cached path MTU of 1400, and the path carries 1500 by now: no fault",
    sees: "everything works",
    faults: [...CACHED_1400.faults, ANY_USER_PINGS],
    negativeFor: ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole", "mss-clamped"],
    expected: noted("pmtu-cached"),
  }),
  wsl2({
    ...CACHED_1400,
    name: "pmtu-cached-no-more-v6",
    title: "The same over IPv6",
    sees: "everything works",
    faults: [...CACHED_1400.faults, ANY_USER_PINGS],
    family: 6,
    negativeFor: ["pmtu-inbound-blackhole", "pmtu-outbound-blackhole", "mss-clamped"],
    expected: noted("pmtu-cached"),
  }),
  wsl2({
    ...CACHED_1400,
    ...HIDDEN_1400,
    name: "pmtu-cached-hides",
    title: "A cached path MTU of 1400 hides that larger answers are lost",
  }),
  wsl2({
    ...CACHED_1400,
    ...HIDDEN_1400,
    name: "pmtu-cached-hides-v6",
    title: "The same over IPv6, with a limit of 1400",
    family: 6,
  }),
  wsl2({
    ...CACHED_1400,
    name: "pmtu-cached-too-large",
    title: "A cached path MTU of 1400, and answers above 1300 are lost",
    sees: "TLS hangs on most sites",
    faults: [...CACHED_1400.faults, inboundLimit(1300)],
    negativeFor: ["vpn-mtu-inbound-blackhole"],
    expected: fault("pmtu-inbound-blackhole", null, "inbound", {
      inboundPmtu: 1300,
      notes: ["pmtu-cached"],
    }),
  }),
  wsl2Vpn({
    name: "route-with-mtu",
    title: "WSL2 + VPN: somebody gave the default route an MTU that fits: no fault",
    sees: "everything works",
    faults: [ip("guest", "route change default via 172.24.16.1 dev eth0 mtu 1400")],
    negativeFor: ["pmtu-cached", "vpn-mtu-inbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "mss-clamped-for-nothing",
    title: "The home router lowers the MSS, and every size passes: no fault",
    sees: "everything works",
    faults: [{ kind: "clamp-mss", at: "lan", mtu: 1452 }],
    negativeFor: ["mss-clamped", "pmtu-outbound-blackhole"],
    expected: HEALTHY,
  }),
  wsl2({
    name: "icmp-blocked",
    title: "No hop on the path sends any ICMP, and TCP works: no fault",
    sees: "ping and traceroute show nothing, everything else works",
    faults: (["host", "lan", "internet", "server"] as const).map((at) =>
      filter(at, "output", "meta l4proto icmp drop", "icmpv6 type { 1, 2, 3, 129 } drop"),
    ),
    negativeFor: [
      "pmtu-outbound-blackhole",
      "destination-down",
      "upstream-unreachable",
      "hop-silent",
    ],
    expected: noted("icmp-filtered"),
  }),
];
