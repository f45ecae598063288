// Reported cases of sizes and of transfers.

import type { Net } from "../lab/independent/net.ts";
import { SILENT_ABOUT_SIZE } from "../lab/independent/net.ts";
import { makeChain } from "../protocols/certificate.ts";
import { SERVERS } from "../protocols/servers.ts";
import type { Place, ReportedCase } from "./case.ts";
import { AT, chain, forwards, natChain } from "./chain.ts";
import { NAME, page, served } from "./places.ts";

const VPN_MTU = 1400;
const BIG_BYTES = 400_000;

/** Neither end of the tunnel says of a packet that it is too big. */
async function silentTunnel(net: Net): Promise<void> {
  await net.nft("windows", SILENT_ABOUT_SIZE);
  await net.nft("far", SILENT_ABOUT_SIZE);
}

/** The command of a real sshd, with host keys of every type; ssh-keygen makes a file once. */
let sshd: Promise<readonly string[]> | undefined;

async function startSshd({ net, folder }: Place): Promise<void> {
  sshd ??= prepareSshd(folder);
  const argv = await sshd;
  const wait = "until ss -ltnH | grep -q ':22 '; do sleep 0.05; done; echo ready";
  await net.serve("site", "sh", "-c", `(${wait}) & exec "$@"`, "sh", ...argv);
}

async function prepareSshd(folder: Place["folder"]): Promise<readonly string[]> {
  const [first] = SERVERS;
  if (first === undefined) throw new Error("no sshd");
  return first.prepare(folder, await makeChain(folder));
}

/** Both directions, as a tunnel inside another would. */
const carriesAtMost = (bytes: number) => [
  `iifname "peer0" meta length > ${bytes} drop`,
  `oifname "peer0" meta length > ${bytes} drop`,
];

/** As routers of before RFC 1191 send it. */
const NAMES_NO_MTU = chain("output", [
  "icmp type destination-unreachable icmp code frag-needed icmp mtu set 0",
]);

const BOTH_LIMITS = ["vpn-mtu-outbound-blackhole"];

export const SIZE_CASES: readonly ReportedCase[] = [
  {
    name: "ssh",
    reports: "WSL 9110 11876 4690 5787, tailscale 4140",
    right: "the VPN's size limit",
    snapshot: "l2tp-less",
    args: [`${NAME}:22`],
    net: () => natChain({ vpnMtu: VPN_MTU }),
    prepare: async (place) => {
      await silentTunnel(place.net);
      await startSshd(place);
      return served(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "vpn-mtu-inbound-blackhole",
      segment: "vpn-adapter",
      inbound: VPN_MTU,
    },
    alone: { verdict: "fault", cause: "pmtu-inbound-blackhole", inbound: VPN_MTU },
  },
  {
    name: "stall",
    reports: "WSL 40615",
    right: "the transfer stalls, after how many bytes, what cures it",
    snapshot: "plain",
    args: [`https://${NAME}/big`],
    net: () => natChain(),
    prepare: async (place) => {
      await forwards(
        place.net,
        "windows",
        "tcp sport 443 ct reply bytes > 50000 tcp option timestamp exists drop",
      );
      return served(place, BIG_BYTES);
    },
    withSnapshot: { verdict: "fault", cause: "transfer-stalls", says: ["tcp_timestamps=0", "kB"] },
  },
  {
    name: "l2tp_less",
    reports: "csdn 140881680",
    right: "the VPN adapter, whose tunnel carries less than its MTU says, 1372 exactly",
    snapshot: "l2tp-less",
    args: [NAME],
    net: () => natChain({ vpnMtu: VPN_MTU }),
    prepare: async (place) => {
      await silentTunnel(place.net);
      await forwards(place.net, "far", ...carriesAtMost(1372));
      return served(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "vpn-mtu-inbound-blackhole",
      segment: "vpn-adapter",
      also: BOTH_LIMITS,
      inbound: 1372,
      outbound: 1372,
    },
    alone: { verdict: "fault", cause: "pmtu-inbound-blackhole", inbound: 1372, outbound: 1372 },
  },
  {
    name: "tailscale_twice",
    reports: "tailscale 4833 7346 6189, vscode 355",
    right: "the chain follows the distro's own device, and eth0's 1280 is the reason",
    snapshot: "tailscale-twice",
    args: ["100.64.0.9"],
    net: () => natChain(),
    prepare: async (place) => {
      const { net } = place;
      await net.build({
        links: [[["guest", "tailscale0"], ["far", "peer0"], 1280]],
        lines: [
          ["guest", "link set eth0 mtu 1280"],
          ["guest", "addr add 100.64.0.7/32 dev tailscale0"],
          ["guest", "route add 100.64.0.0/10 dev tailscale0"],
          ["far", "addr add 100.64.0.1/32 dev peer0"],
          ["far", "route add 100.64.0.7 dev peer0"],
          ["site", "addr add 100.64.0.9/32 dev lo"],
          ["core", `route add 100.64.0.9 via ${AT.site}`],
          ["core", `route add 100.64.0.7 via ${AT.vpnOuter}`],
        ],
      });
      net.set("far", { "ipv4/conf/peer0/proxy_arp": 1 });
      await forwards(net, "far", ...carriesAtMost(1220));
      return page(place);
    },
    withSnapshot: {
      verdict: "fault",
      cause: "vpn-mtu-inbound-blackhole",
      segment: "vpn-adapter",
      also: BOTH_LIMITS,
      inbound: 1220,
      outbound: 1220,
      says: ["tailscale0", "eth0", "1280"],
      without: ["windows-stack", "nat", "vswitch"],
    },
  },
  {
    name: "eaten_and_out",
    reports: "beside tailscale 4833",
    right: "fault: the default attempt failed",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain(),
    prepare: async (place) => {
      const data = "tcp sport 443 ip length > 60 drop";
      await forwards(place.net, "router", data, 'oifname "wan0" meta length > 1220 drop');
      return served(place);
    },
    withSnapshot: { verdict: "fault", cause: "attempt-failed", also: ["pmtu-outbound-blackhole"] },
  },
  {
    name: "ptb_mtu0",
    reports: "RFC 1191 s.5 routers",
    right: "1400 outbound, and nothing learnt by the kernel through this tool",
    snapshot: "plain",
    args: [NAME],
    net: () => natChain({ lanMtu: 1400 }),
    prepare: async (place) => {
      await place.net.nft("windows", NAMES_NO_MTU);
      return served(place);
    },
    withSnapshot: { verdict: "healthy", cause: null, outbound: 1400 },
    after: async (net) => {
      const route = await net.ip("guest", "route", "get", AT.site);
      return route.includes("mtu") ? [`the kernel has learnt ${route}`] : [];
    },
  },
];
