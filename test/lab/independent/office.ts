// The network most of these tests run in: a guest behind a host, a tunnel, a far end, a server.
//
//   guest ---- middlebox ====tunnel==== far ---- site
//   eth0      sw0  tun5      peer0  lan0    eth0

import { type Cable, createNet, type Net, SILENT_ABOUT_SIZE } from "./net.ts";

export interface OfficeOptions {
  readonly tunnelMtu: number;
  /** Sends the server no ICMP error about packets that are too big for the tunnel. */
  readonly farSilent?: boolean;
  /** Sends the guest none. */
  readonly middleboxSilent?: boolean;
  readonly serverMtu?: number;
  /** One-way delay between the far end and the server. */
  readonly delayMs?: number;
  /** To the microsecond, at the cost of a processor. */
  readonly exactDelay?: boolean;
}

export const OFFICE = {
  guest4: "172.27.130.9",
  box4: "172.27.128.1",
  tunnel4: "100.71.4.2",
  far4: "100.71.4.1",
  site4: "198.51.100.44",
  resolver4: "198.51.100.53",
  guest6: "2001:db8:71::9",
  box6: "2001:db8:71::1",
  site6: "2001:db8:44::44",
} as const;

export async function createOffice(options: OfficeOptions): Promise<Net> {
  const net = await createNet(["guest", "box", "far", "wire", "site"]);
  try {
    await build(net, options);
  } catch (error) {
    await net.remove();
    throw error;
  }
  return net;
}

const ADDRESSES = [
  ["guest", "eth0", `${OFFICE.guest4}/20`, `${OFFICE.guest6}/64`],
  ["box", "sw0", `${OFFICE.box4}/20`, `${OFFICE.box6}/64`],
  ["box", "tun5", `${OFFICE.tunnel4}/30`, "2001:db8:72::2/64"],
  ["far", "peer0", `${OFFICE.far4}/30`, "2001:db8:72::1/64"],
  ["far", "lan0", "198.51.100.1/24", "2001:db8:44::1/64"],
  ["site", "eth0", `${OFFICE.site4}/24`, `${OFFICE.site6}/64`, `${OFFICE.resolver4}/24`],
] as const;

const ROUTES = [
  ["guest", "default", OFFICE.box4],
  ["guest", "default", OFFICE.box6],
  ["box", "default", OFFICE.far4],
  ["box", "default", "2001:db8:72::1"],
  ["far", "2001:db8:71::/64", "2001:db8:72::2"],
  ["site", "default", "198.51.100.1"],
  ["site", "default", "2001:db8:44::1"],
] as const;

const MASQUERADE = `table ip out {
  chain leaving {
    type nat hook postrouting priority 100; policy accept;
    oifname "tun5" masquerade
  }
}
`;

async function build(net: Net, options: OfficeOptions): Promise<void> {
  const { tunnelMtu, serverMtu: siteMtu = 1500, delayMs } = options;
  const last: readonly Cable[] =
    delayMs === undefined ? [[["far", "lan0"], ["site", "eth0"], siteMtu]] : SLOW;
  if (delayMs !== undefined) net.set("wire", { "ipv6/conf/default/disable_ipv6": 1 });
  await net.build({
    links: [
      [["guest", "eth0"], ["box", "sw0"], 1500],
      [["box", "tun5"], ["far", "peer0"], tunnelMtu],
      ...last,
    ],
    lines: [
      ...ADDRESSES.flatMap(([host, device, ...own]) =>
        own.map((address) => [host, `addr add ${address} dev ${device}`] as const),
      ),
      ...ROUTES.map(([host, to, via]) => [host, `route add ${to} via ${via}`] as const),
    ],
    rules: [
      ["box", options.middleboxSilent ? `${MASQUERADE}${SILENT_ABOUT_SIZE}` : MASQUERADE],
      ...(options.farSilent ? [["far", SILENT_ABOUT_SIZE] as const] : []),
    ],
  });
  if (delayMs !== undefined) await delay(net, delayMs, options.exactDelay === true);
}

const SLOW: readonly Cable[] = [
  [["far", "lan0"], ["wire", "in0"], 1500],
  [["wire", "out0"], ["site", "eth0"], 1500],
];

async function delay(net: Net, delayMs: number, exact: boolean): Promise<void> {
  // Copied frames leave the kernel: their checksums must be computed before.
  await net.run("far", "ethtool", "-K", "lan0", "tx", "off");
  await net.run("site", "ethtool", "-K", "eth0", "tx", "off");
  const relay = new URL("./delay-relay.mjs", import.meta.url).pathname;
  const mode = exact ? ["exact"] : [];
  await net.serve("wire", process.execPath, relay, "in0", "out0", String(delayMs), ...mode);
}

/** What Windows would report of the middlebox: wsl-trace.host/1 with numbers for enums, as 5.1 gives them. */
export function officeSnapshot(vpnMtu: number): unknown {
  const links = [
    { ifIndex: 19, name: "vEthernet (WSL)", mtu: 1500, metric: 5000 },
    { ifIndex: 7, name: "Ethernet 3", mtu: 1500, metric: 35 },
    { ifIndex: 44, name: "Kontor", mtu: vpnMtu, metric: 20 },
  ];
  const route = (prefix: string, hop: string, ifIndex: number, metric: number) => ({
    DestinationPrefix: prefix,
    NextHop: hop,
    RouteMetric: 0,
    InterfaceMetric: metric,
    ifIndex,
    AddressFamily: prefix.includes(":") ? 23 : 2,
  });
  return {
    schema: "wsl-trace.host/1",
    collectedAt: "2026-11-20T08:00:00Z",
    sources: {
      "Get-NetAdapter": [
        adapter(19, "vEthernet (WSL)", "Hyper-V Virtual Ethernet Adapter", 6),
        adapter(7, "Ethernet 3", "Realtek PCIe GbE Family Controller", 6),
        adapter(44, "Kontor", "WAN Miniport (IKEv2)", 23),
      ],
      "Get-NetIPInterface": links.flatMap(({ ifIndex, name, mtu, metric }) =>
        [2, 23].map((AddressFamily) => ({
          ifIndex,
          InterfaceAlias: name,
          AddressFamily,
          NlMtu: mtu,
          InterfaceMetric: metric,
          ConnectionState: 1,
        })),
      ),
      "Get-NetIPAddress": [
        { IPAddress: OFFICE.box4, PrefixLength: 20, ifIndex: 19, AddressFamily: 2 },
        { IPAddress: OFFICE.box6, PrefixLength: 64, ifIndex: 19, AddressFamily: 23 },
        { IPAddress: "192.168.178.21", PrefixLength: 24, ifIndex: 7, AddressFamily: 2 },
        { IPAddress: OFFICE.tunnel4, PrefixLength: 32, ifIndex: 44, AddressFamily: 2 },
      ],
      "Get-NetRoute": [
        route("0.0.0.0/0", "0.0.0.0", 44, 20),
        route("::/0", "::", 44, 20),
        route("0.0.0.0/0", "192.168.178.1", 7, 35),
        route("172.27.128.0/20", "0.0.0.0", 19, 5000),
      ],
      "Get-VpnConnection": {
        Name: "Kontor",
        ServerAddress: "203.0.113.200",
        ConnectionStatus: "Connected",
        SplitTunneling: false,
      },
      "Get-DnsClientNrptPolicy": { Namespace: ".", NameServers: OFFICE.resolver4 },
      "Get-NetNat": [],
    },
  };
}

function adapter(ifIndex: number, Name: string, InterfaceDescription: string, type: number) {
  return { ifIndex, Name, InterfaceDescription, InterfaceType: type, Status: "Up" };
}
