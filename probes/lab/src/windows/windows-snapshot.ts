// The Windows host's snapshot (wsl-trace.host/1), read from the namespace that plays Windows.

import * as z from "zod";
import { LabError } from "../error.ts";
import type { LabSystem } from "../lab-system.ts";
import type { Tried } from "../programs/lab-programs.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import type { WindowsAdapter } from "../topology/topology.ts";

const linkSchema = z.object({
  ifindex: z.number(),
  ifname: z.string(),
  flags: z.array(z.string()),
  mtu: z.number(),
  address: z.string().optional(),
  link_type: z.string(),
  addr_info: z.array(z.object({ family: z.string(), local: z.string(), prefixlen: z.number() })),
});
export type IpLink = z.infer<typeof linkSchema>;

const routeSchema = z.object({
  dst: z.string(),
  gateway: z.string().optional(),
  dev: z.string(),
  metric: z.number().optional(),
  protocol: z.string().optional(),
});
export type IpRoute = z.infer<typeof routeSchema>;

export interface HostView {
  readonly links: readonly IpLink[];
  readonly routes: readonly (IpRoute & { readonly family: 4 | 6 })[];
}

/** What `ip -j` reports in that namespace. */
export async function readHost(system: LabSystem, namespace: string): Promise<HostView> {
  const ask = async (args: readonly string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await system.run("ip", ["-n", namespace, "-j", ...args]);
    if (exitCode !== 0) throw new LabError("lab-snapshot", `ip ${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout || "[]");
  };
  const [links, v4, v6] = await Promise.all([
    ask(["address", "show"]),
    ask(["-4", "route", "show"]),
    ask(["-6", "route", "show"]),
  ]);
  const routes = z.array(routeSchema);
  return {
    links: z.array(linkSchema).parse(links),
    routes: [
      ...routes.parse(v4).map((route) => ({ ...route, family: 4 as const })),
      ...routes.parse(v6).map((route) => ({ ...route, family: 6 as const })),
    ],
  };
}

type Row = Readonly<Record<string, unknown>>;

/** The snapshot as JSON text. */
export function snapshotText(scenario: Scenario, host: HostView, tried: Tried, now: Date): string {
  const { adapters } = scenario.topology;
  const sources = {
    "Get-NetAdapter": rowsOf(adapters, host, adapterRow),
    "Get-NetIPInterface": [
      ...FAMILIES.map(loopbackRow),
      ...rowsOf(adapters, host, (adapter, link) =>
        FAMILIES.map((family) => ipInterfaceRow(adapter, link, family)),
      ).flat(),
    ],
    "Get-NetIPAddress": rowsOf(adapters, host, addressRows).flat(),
    "Get-NetRoute": rowsOf(adapters, host, (adapter, link) =>
      routeRows(adapter, link, host),
    ).flat(),
    "Get-DnsClientServerAddress": rowsOf(adapters, host, (adapter, link) =>
      FAMILIES.map((family) => dnsServerRow(scenario, adapter, link, family)),
    ).flat(),
    "Get-DnsClientNrptPolicy": scenario.windowsNames.nrpt.map(({ namespace, servers }) => ({
      Namespace: namespace,
      NameServers: servers,
    })),
    "Get-DnsClientNrptRule": [],
    "Get-VpnConnection": adapters.flatMap(vpnRows),
    "Get-NetNat": [],
    clock: { utc: now.toISOString() },
    resolve: tried.resolve,
    reach: tried.reach,
    ...scenario.windowsReports,
  };
  const snapshot = {
    schema: "wsl-trace.host/1",
    collectedAt: now.toISOString(),
    elevated: false,
    languageMode: "FullLanguage",
    sources,
  };
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}

/** What Windows calls connected: IFF_LOWER_UP of netdevice(7). */
function hasCarrier({ flags }: IpLink): boolean {
  return flags.includes("LOWER_UP");
}

const FAMILIES = [4, 6] as const;
type Family = (typeof FAMILIES)[number];

function rowsOf<T>(
  adapters: readonly WindowsAdapter[],
  host: HostView,
  row: (adapter: WindowsAdapter, link: IpLink) => T,
): readonly T[] {
  return adapters.flatMap((adapter) => {
    const link = host.links.find(({ ifname }) => ifname === adapter.interface);
    return link === undefined ? [] : [row(adapter, link)];
  });
}

function adapterRow(adapter: WindowsAdapter, link: IpLink): Row {
  const mac = link.link_type === "ether" ? (link.address ?? "") : "";
  return {
    Name: adapter.alias,
    InterfaceDescription: adapter.description,
    ifIndex: link.ifindex,
    Status: hasCarrier(link) ? "Up" : "Disconnected",
    MacAddress: mac.replaceAll(":", "-").toUpperCase(),
    MtuSize: link.mtu,
    InterfaceType: adapter.interfaceType,
    Virtual: adapter.virtual,
    Hidden: false,
  };
}

// AddressFamily of MSFT_NetIPInterface: AF_INET and AF_INET6 of winsock2.h.
const ADDRESS_FAMILY = { 4: 2, 6: 23 } as const;
/** What Windows prints for "no limit". */
const LOOPBACK_MTU = 4_294_967_295;
const LOOPBACK_METRIC = 75;

function loopbackRow(family: Family): Row {
  return {
    ifIndex: 1,
    InterfaceAlias: "Loopback Pseudo-Interface 1",
    AddressFamily: ADDRESS_FAMILY[family],
    NlMtu: LOOPBACK_MTU,
    InterfaceMetric: LOOPBACK_METRIC,
    Dhcp: 0,
    ConnectionState: 1,
  };
}

function ipInterfaceRow(adapter: WindowsAdapter, link: IpLink, family: Family): Row {
  return {
    ...reference(adapter, link, family),
    NlMtu: link.mtu,
    InterfaceMetric: adapter.metric,
    Dhcp: 0,
    ConnectionState: hasCarrier(link) ? 1 : 0,
  };
}

function addressRows(adapter: WindowsAdapter, link: IpLink): readonly Row[] {
  return link.addr_info.map(({ family, local, prefixlen }) => ({
    ...reference(adapter, link, family === "inet6" ? 6 : 4),
    IPAddress: local.startsWith("fe80:") ? `${local}%${link.ifindex}` : local,
    PrefixLength: prefixlen,
  }));
}

/** RouteMetric of a prefix that an address brought along, as Windows sets it. */
const CONNECTED_METRIC = 256;
const DEFAULT_PREFIX = { 4: "0.0.0.0/0", 6: "::/0" } as const;
const ON_LINK = { 4: "0.0.0.0", 6: "::" } as const;

function routeRows(adapter: WindowsAdapter, link: IpLink, { routes }: HostView): readonly Row[] {
  // Windows takes them away with the cable.
  if (!hasCarrier(link)) return [];
  return routes
    .filter(({ dev }) => dev === link.ifname)
    .map(({ dst, gateway, metric, protocol, family }) => ({
      ...reference(adapter, link, family),
      DestinationPrefix: dst === "default" ? DEFAULT_PREFIX[family] : withLength(dst, family),
      NextHop: gateway ?? ON_LINK[family],
      RouteMetric:
        protocol === "kernel" ? CONNECTED_METRIC : Math.max(0, (metric ?? 0) - adapter.metric),
      InterfaceMetric: adapter.metric,
    }));
}

function withLength(prefix: string, family: Family): string {
  return prefix.includes("/") ? prefix : `${prefix}/${family === 4 ? 32 : 128}`;
}

function dnsServerRow(
  { windowsNames }: Scenario,
  adapter: WindowsAdapter,
  link: IpLink,
  family: Family,
): Row {
  const all = windowsNames.adapterServers[adapter.alias] ?? [];
  return {
    InterfaceIndex: link.ifindex,
    InterfaceAlias: adapter.alias,
    AddressFamily: ADDRESS_FAMILY[family],
    ServerAddresses: all.filter((server) => server.includes(":") === (family === 6)),
  };
}

function vpnRows({ alias, vpn }: WindowsAdapter): readonly Row[] {
  if (vpn === null) return [];
  return [
    {
      Name: alias,
      ServerAddress: vpn.serverAddress,
      AllUserConnection: false,
      TunnelType: vpn.tunnelType,
      ConnectionStatus: "Connected",
      SplitTunneling: vpn.split,
    },
  ];
}

function reference(adapter: WindowsAdapter, link: IpLink, family: Family): Row {
  return {
    ifIndex: link.ifindex,
    InterfaceAlias: adapter.alias,
    AddressFamily: ADDRESS_FAMILY[family],
  };
}
