// Reported cases of Windows' side: what it forwards, filters and mirrors.

import type { Net } from "../lab/independent/net.ts";
import { startServer } from "../lab/independent/server.ts";
import type { ReportedCase } from "./case.ts";
import { AT, forwards, natChain, ownChain } from "./chain.ts";
import { NAME, named, PAGE_BYTES, page, resolvConf, served } from "./places.ts";

const RESERVED = "61100-65195";

/** Takes every connection and says nothing. */
const SWALLOWS = `require("node:net").createServer((socket) => socket.on("error", () => socket.destroy()).resume()).listen(8443, "0.0.0.0", () => console.log("ready"))`;
const INTO_IT = `table ip into {
  chain before {
    type nat hook prerouting priority -100; policy accept;
    iifname "sw0" meta l4proto tcp redirect to :8443
  }
}
`;

const LISTENS = `require("node:net").createServer().listen(8080, "0.0.0.0", () => console.log("ready"))`;

/** What mirrored mode puts in place for the loopback of Windows. */
async function addLoopback0(net: Net): Promise<void> {
  await net.build({
    links: [[["guest", "loopback0"], ["far", "l0"], 1500]],
    lines: [
      ["guest", "addr add 169.254.73.152/24 dev loopback0"],
      ["guest", "route add default via 169.254.73.249 dev loopback0 table 127"],
      ["guest", "rule add pref 2 lookup local"],
      ["guest", "rule add pref 1 to 127.0.0.1 ipproto tcp lookup 127"],
      ["guest", "rule del pref 0"],
    ],
  });
  net.set("guest", { "ipv4/conf/all/route_localnet": 1 });
}

export const WINDOWS_CASES: readonly ReportedCase[] = [
  {
    name: "synack_dropped",
    reports: "WSL 12186, nmap 2950",
    right: "Windows reaches the port, so between the guest and Windows; alone no place",
    snapshot: "vpnkit",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await forwards(place.net, "windows", 'oifname "sw0" tcp sport 443 drop');
      return served(place);
    },
    withSnapshot: { verdict: "fault", cause: "port-filtered" },
    alone: { verdict: "fault", cause: "port-filtered", segment: null },
    after: async (_net, { findings: [first] }) => {
      const outer = (first?.between ?? []).filter((kind) => OUTER.includes(kind));
      return outer.map((kind) => `the place reaches to ${kind}`);
    },
  },
  {
    name: "mirrored_ports",
    reports: "WSL 11672",
    right: "the port range: the sysctl and the reserved range, and its fix",
    snapshot: "mirrored",
    args: [AT.site],
    net: () => ownChain(),
    prepare: async (place) => {
      place.net.set("guest", { "ipv4/ip_local_port_range": "32768 60999" });
      await forwards(place.net, "router", `oifname "lan0" tcp dport != ${RESERVED} drop`);
      return page(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "mirrored-port-range",
      segment: "linux-stack",
      says: ["net.ipv4.ip_local_port_range", "61100", "65195"],
    },
    cure: true,
    alone: { verdict: "fault", cause: "port-filtered", segment: null },
  },
  {
    name: "mirrored_half",
    reports: "WSL 41272",
    right: "a fix that works when it is typed",
    snapshot: "mirrored-half-lost",
    args: ["10.88.0.80"],
    net: () => ownChain({ vpnMtu: 1500 }),
    prepare: async (place) => {
      await place.net.build({
        lines: [
          ["guest", `route add 128.0.0.0/1 via ${AT.vpnGateway} dev eth1`],
          ["site", "addr add 10.88.0.80/32 dev lo"],
          ["far", `route add 10.88.0.80 via 198.51.100.1`],
          ["core", `route add 10.88.0.80 via ${AT.site}`],
        ],
      });
      // The provider has no way to it, and the VPN's far end has.
      await forwards(place.net, "core", 'iifname "c0" ip daddr 10.88.0.80 drop');
      return page(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "mirrored-wrong-source-address",
      says: [`via ${AT.vpnGateway}`],
    },
    cure: true,
    alone: { verdict: "fault", cause: "destination-down" },
  },
  {
    name: "apipa",
    reports: "WSL 11143 10632",
    right: "the distro's own network manager took the address; how to keep it off eth0",
    snapshot: "mirrored",
    args: [AT.site],
    net: () => ownChain(),
    prepare: async (place) => {
      const { net } = place;
      await net.ip("guest", "addr", "flush", "dev", "eth0");
      await net.ip("guest", "addr", "add", "169.254.144.159/16", "dev", "eth0");
      return page(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "network-manager-took-address",
      segment: "linux-nic",
      says: ["169.254.144.159", AT.windows, "NetworkManager"],
    },
    alone: { verdict: "fault", cause: "no-default-route", says: ["169.254.144.159"] },
  },
  {
    name: "none",
    reports: "WSL 41228 41251",
    right: "there is no network card; .wslconfig asks for mirrored; why",
    snapshot: "mirrored-none",
    args: [NAME],
    net: () => ownChain(),
    prepare: async ({ net, folder }) => {
      await net.build({
        lines: [
          ["guest", "link del eth0"],
          ["guest", "link add docker0 type bridge"],
          ["guest", "addr add 172.17.0.1/16 dev docker0"],
        ],
      });
      return resolvConf(folder, "");
    },
    withSnapshot: {
      verdict: "fault",
      cause: "nat-fallback-changed-mode",
      segment: "linux-nic",
      says: ["no network card", "networkingMode=mirrored", "2.9.4.0"],
    },
    alone: { verdict: "fault", cause: "no-default-route", says: ["no network card"] },
  },
  {
    name: "swallow",
    reports: "xanmod-WSL2 100",
    right: "the connection ends before the target, nothing comes back: fault",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await place.net.serve("windows", process.execPath, "-e", SWALLOWS);
      await place.net.nft("windows", INTO_IT);
      return served(place);
    },
    withSnapshot: { verdict: "fault", cause: "server-silent" },
    after: async (_net, { findings: [first] }) =>
      first?.segment === "destination" ? ["it is placed at the target"] : [],
  },
  {
    name: "wide_mask",
    reports: "WSL 4192",
    right: "the two masks differ, and that is the fault",
    snapshot: "wide-mask",
    args: ["172.28.200.5"],
    net: () => natChain({ guestPrefix: 16, switchPrefix: 28 }),
    prepare: async (place) => {
      await place.net.build({
        lines: [
          ["site", "addr add 172.28.200.5/32 dev lo"],
          ["router", "route add 172.28.200.0/24 via 203.0.113.1"],
          ["core", `route add 172.28.200.5 via ${AT.site}`],
        ],
      });
      return page(place);
    },
    withSnapshot: { verdict: "fault", cause: "nat-subnet-overlap", says: ["/16", "/28"] },
    cure: true,
    alone: { verdict: "fault", cause: "destination-down" },
  },
  {
    name: "vpnkit_tcp_dead",
    reports: "wsl-vpnkit 168",
    right: "host-forwarding-blocked: stays right",
    snapshot: "vpnkit",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      await forwards(place.net, "windows", "drop");
      return served(place);
    },
    withSnapshot: { verdict: "fault", cause: "host-forwarding-blocked", segment: "windows-stack" },
    alone: { verdict: "fault", cause: "upstream-unreachable" },
  },
  {
    name: "lb_daemon",
    reports: "WSL 41102",
    right: "stays right: the rules for 127.0.0.1 lead away from the daemon",
    snapshot: "mirrored",
    args: ["http://127.0.0.1:8080/"],
    net: () => ownChain(),
    prepare: async ({ net }) => {
      await net.serve("guest", process.execPath, "-e", LISTENS);
      await addLoopback0(net);
      return {};
    },
    withSnapshot: {
      verdict: "fault",
      cause: "mirrored-local-policy-routing",
      segment: "linux-stack",
    },
    alone: { verdict: "fault", cause: "attempt-failed" },
  },
  {
    name: "router_says_no",
    reports: "mtr 234",
    right: "healthy: stays right",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      const quarter = "meta l4proto { icmp, udp } numgen random mod 4 == 0";
      await forwards(place.net, "router", `${quarter} reject with icmp type host-unreachable`);
      await startServer(place.net, place.files, PAGE_BYTES);
      return named(place, { host: "windows", address: AT.onSwitch });
    },
    withSnapshot: { verdict: "healthy", cause: null },
  },
];

/** Beyond Windows, which reaches the port itself. */
const OUTER: readonly string[] = ["lan-gateway", "internet-hop", "destination"];
