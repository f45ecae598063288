// A home with a Windows host in it: the guest behind the host, the host behind a router, and a VPN over both.
//
//   guest ---- middlebox ---- router ---- net ---- site
//   eth0     sw0 nic0  lan0 wan0   up0 dc0   eth0
//              tun5 ======== peer0 far out0 ---- vpn0 net

import { createNet, type Net } from "./net.ts";

export const HOME = {
  guest4: "172.27.130.9",
  box4: "172.27.128.1",
  nic4: "192.168.178.21",
  router4: "192.168.178.1",
  tunnel4: "100.71.4.2",
  far4: "100.71.4.1",
  endpoint4: "203.0.113.194",
  vpnDns4: "100.71.9.53",
  site4: "198.51.100.44",
  guest6: "2001:db8:27::9",
  box6: "2001:db8:27::1",
  nic6: "2001:db8:178::21",
  router6: "2001:db8:178::1",
  site6: "2001:db8:44::44",
} as const;

export interface HomeOptions {
  /** The default route leads into the tunnel; the host keeps its route to the VPN's server. */
  readonly vpn: boolean;
  /** The host gives the guest's packets its own address. */
  readonly translates?: boolean;
  /** The snapshot was made while the network card had no link. */
  readonly nicDown?: boolean;
}

export async function createHome({ vpn, translates = true }: HomeOptions): Promise<Net> {
  const net = await createNet(["guest", "box", "router", "net", "far", "site"]);
  try {
    await net.build({
      links: LINKS,
      lines: [
        ...[...ADDRESSES, ...SIX].map(
          ([host, device, own]) => [host, `addr add ${own} dev ${device}`] as const,
        ),
        ...routes(vpn),
      ],
      rules: [
        ["router", masquerade("192.168.178.0/24", "wan0")],
        ["far", masquerade("100.71.4.0/30", "out0")],
        ...(translates ? ([["box", hostMasquerade(vpn)]] as const) : []),
      ],
    });
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

const LINKS = [
  [["guest", "eth0"], ["box", "sw0"], 1500],
  [["box", "nic0"], ["router", "lan0"], 1500],
  [["router", "wan0"], ["net", "up0"], 1500],
  [["far", "out0"], ["net", "vpn0"], 1500],
  [["site", "eth0"], ["net", "dc0"], 1500],
  [["box", "tun5"], ["far", "peer0"], 1400],
] as const;
const ADDRESSES = [
  ["guest", "eth0", `${HOME.guest4}/20`],
  ["box", "sw0", `${HOME.box4}/20`],
  ["box", "nic0", `${HOME.nic4}/24`],
  ["router", "lan0", `${HOME.router4}/24`],
  ["router", "wan0", "203.0.113.2/29"],
  ["net", "up0", "203.0.113.1/29"],
  ["net", "vpn0", "203.0.113.193/28"],
  ["net", "dc0", "198.51.100.1/24"],
  ["far", "out0", `${HOME.endpoint4}/28`],
  ["far", "lo", `${HOME.vpnDns4}/32`],
  ["far", "peer0", `${HOME.far4}/30`],
  ["box", "tun5", `${HOME.tunnel4}/30`],
  ["site", "eth0", `${HOME.site4}/24`],
] as const;

/** IPv6 is routed end to end, without a NAT, and around the VPN. */
const SIX = [
  ["guest", "eth0", `${HOME.guest6}/64`],
  ["box", "sw0", `${HOME.box6}/64`],
  ["box", "nic0", `${HOME.nic6}/64`],
  ["router", "lan0", `${HOME.router6}/64`],
  ["router", "wan0", "2001:db8:2::2/64"],
  ["net", "up0", "2001:db8:2::1/64"],
  ["net", "dc0", "2001:db8:44::1/64"],
  ["site", "eth0", `${HOME.site6}/64`],
] as const;
const ROUTES_6 = [
  ["guest", "default", HOME.box6, "256"],
  ["box", "default", HOME.router6, "256"],
  ["router", "default", "2001:db8:2::1", "256"],
  ["router", "2001:db8:27::/64", HOME.nic6, "256"],
  ["net", "2001:db8:27::/64", "2001:db8:2::2", "256"],
  ["net", "2001:db8:178::/64", "2001:db8:2::2", "256"],
  ["site", "default", "2001:db8:44::1", "256"],
] as const;

function routes(vpn: boolean): readonly (readonly [string, string])[] {
  const rows = [
    ["guest", "default", HOME.box4, "0"],
    ["box", "default", HOME.router4, "35"],
    ["box", `${HOME.endpoint4}/32`, HOME.router4, "35"],
    ...(vpn ? ([["box", "default", HOME.far4, "20"]] as const) : []),
    ["router", "default", "203.0.113.1", "0"],
    ["far", "default", "203.0.113.193", "0"],
    ["site", "default", "198.51.100.1", "0"],
    ...ROUTES_6,
  ] as const;
  return rows.map(
    ([host, to, via, metric]) => [host, `route add ${to} via ${via} metric ${metric}`] as const,
  );
}

function hostMasquerade(vpn: boolean): string {
  const guest = "172.27.128.0/20";
  if (!vpn) return masquerade(guest, "nic0");
  return `${masquerade(guest, "tun5")}${masquerade(guest, "nic0", "around")}`;
}

function masquerade(from: string, device: string, table = "out"): string {
  return `
table ip ${table} {
  chain leaving {
    type nat hook postrouting priority 100; policy accept;
    oifname "${device}" ip saddr ${from} masquerade
  }
}
`;
}

export interface Reach {
  readonly address: string;
  readonly port: number;
  readonly ok: boolean;
}

/** What Windows would report of itself there. */
export function homeSnapshot(
  { vpn, nicDown = false }: HomeOptions,
  reach: readonly Reach[] = [],
): string {
  const adapters = [
    { ifIndex: 19, alias: "vEthernet (WSL)", type: 6, mtu: 1500, metric: 5000 },
    { ifIndex: 7, alias: "Ethernet 3", type: 6, mtu: 1500, metric: 35 },
    ...(vpn ? [{ ifIndex: 44, alias: "Kontor", type: 23, mtu: 1400, metric: 20 }] : []),
  ];
  const names: Readonly<Record<number, string>> = {
    19: "Hyper-V Virtual Ethernet Adapter",
    7: "Realtek PCIe GbE Family Controller",
    44: "WAN Miniport (IKEv2)",
  };
  const familyOf = (text: string) => (text.includes(":") ? 23 : 2);
  const route = (DestinationPrefix: string, NextHop: string, ifIndex: number, metric: number) => ({
    DestinationPrefix,
    NextHop,
    RouteMetric: 0,
    InterfaceMetric: metric,
    ifIndex,
    AddressFamily: familyOf(DestinationPrefix),
  });
  const address = (IPAddress: string, PrefixLength: number, ifIndex: number) => ({
    IPAddress,
    PrefixLength,
    ifIndex,
    AddressFamily: familyOf(IPAddress),
  });
  const servers = (InterfaceIndex: number, ServerAddresses: string) => ({
    InterfaceIndex,
    AddressFamily: 2,
    ServerAddresses,
  });
  return JSON.stringify({
    schema: "wsl-trace.host/1",
    collectedAt: "2026-11-20T08:00:00Z",
    sources: {
      "Get-NetAdapter": adapters.map(({ ifIndex, alias, type }) => ({
        ifIndex,
        Name: alias,
        InterfaceDescription: names[ifIndex],
        InterfaceType: type,
        Status: nicDown && ifIndex === 7 ? "Disconnected" : "Up",
      })),
      "Get-NetIPInterface": [2, 23].flatMap((AddressFamily) =>
        adapters.map(({ ifIndex, alias, mtu, metric }) => ({
          ifIndex,
          InterfaceAlias: alias,
          AddressFamily,
          NlMtu: mtu,
          InterfaceMetric: metric,
          ConnectionState: nicDown && ifIndex === 7 ? 0 : 1,
        })),
      ),
      "Get-NetIPAddress": [
        address(HOME.box4, 20, 19),
        address(HOME.nic4, 24, 7),
        address(HOME.box6, 64, 19),
        address(HOME.nic6, 64, 7),
        ...(vpn ? [address(HOME.tunnel4, 32, 44)] : []),
      ],
      "Get-NetRoute": [
        route("172.27.128.0/20", "0.0.0.0", 19, 5000),
        route("192.168.178.0/24", "0.0.0.0", 7, 35),
        route("0.0.0.0/0", HOME.router4, 7, 35),
        route("2001:db8:27::/64", "::", 19, 5000),
        route("2001:db8:178::/64", "::", 7, 35),
        route("::/0", HOME.router6, 7, 35),
        ...(vpn ? [route("0.0.0.0/0", "0.0.0.0", 44, 20)] : []),
        ...(vpn ? [route(`${HOME.endpoint4}/32`, HOME.router4, 7, 35)] : []),
      ],
      "Get-VpnConnection": vpn
        ? [{ Name: "Kontor", ServerAddress: HOME.endpoint4, ConnectionStatus: "Connected" }]
        : [],
      "Get-DnsClientServerAddress": [
        servers(7, HOME.router4),
        ...(vpn ? [servers(44, HOME.vpnDns4)] : []),
      ],
      reach: reach.map((row) => ({ ...row, ms: 4, error: row.ok ? null : "timeout" })),
    },
  });
}
