// What both runs read without a packet: addresses, MTUs, routes, name servers and proxies, in the distro and in Windows.

import { proxyName } from "../../facts/connection/proxy-state.ts";
import { type Area, compareValues, type Differences, listed, together } from "./change.ts";
import type { Side } from "./side.ts";

type Reader = (side: Side) => readonly (readonly [what: string, value: string])[] | null;

const OF_DISTRO: readonly (readonly [Area, Reader])[] = [
  ["addresses", guestAddresses],
  ["mtus", guestMtus],
  ["routes", guestRoutes],
  ["dns", nameServers],
  ["proxy", proxies],
];

const OF_WINDOWS: readonly (readonly [Area, Reader])[] = [
  ["addresses", hostAddresses],
  ["mtus", hostMtus],
  ["routes", hostPaths],
  ["dns", hostNameServers],
];

export function localDifferences(before: Side, after: Side): Differences {
  // Where one of both knows nothing of Windows, the chain says so, once.
  const isWindowsKnown = before.host !== null && after.host !== null;
  return together(
    [...OF_DISTRO, ...(isWindowsKnown ? OF_WINDOWS : [])].map(([area, read]) => {
      const [was, is] = [before, after].map((side) => {
        const values = read(side);
        return values === null ? null : new Map(values);
      });
      return compareValues(area, was ?? null, is ?? null);
    }),
  );
}

// Made from the MAC address, or by chance: they say nothing about the network.
const LINK_LOCAL = /^fe80:/i;

function guestAddresses({ path }: Side) {
  return (
    path.interfaces?.interfaces
      .filter(({ loopback }) => !loopback)
      .map(({ name, addresses, up }) => {
        const own = addresses
          .filter(({ address }) => !LINK_LOCAL.test(address))
          .map(({ address, prefixLength }) => `${address}/${prefixLength}`);
        return [name, up ? listed(own) : `${listed(own)} (down)`] as const;
      }) ?? null
  );
}

function hostAddresses({ host }: Side) {
  if (host === null) return null;
  return host.adapters
    .filter(({ up }) => up !== false)
    .map(({ name, addresses }) => {
      const own = addresses.filter((address) => !LINK_LOCAL.test(address));
      return [windows(name), listed(own)] as const;
    });
}

function guestMtus({ path }: Side) {
  return (
    path.interfaces?.interfaces
      .filter(({ loopback }) => !loopback)
      .map(({ name, mtu }) => [name, String(mtu)] as const) ?? null
  );
}

function hostMtus({ host }: Side) {
  if (host === null) return null;
  return host.adapters.flatMap(({ name, up, mtu }) =>
    up === false
      ? []
      : FAMILIES.flatMap((family) => {
          const value = mtu[family];
          return value === null ? [] : [[`${windows(name)}, IPv${family}`, String(value)] as const];
        }),
  );
}

const FAMILIES = [4, 6] as const;

/** One text for each prefix and interface: the same may be there by several gateways. */
function guestRoutes({ path }: Side) {
  const rows = path.routes?.routes;
  if (rows === undefined) return null;
  const byKey = new Map<string, string[]>();
  for (const { family, prefix, gateway, interface: device, metric } of rows) {
    // Each interface has the same of them.
    if (LINK_LOCAL.test(prefix) || /^ff/i.test(prefix)) continue;
    const key = `IPv${family} ${prefix} dev ${device}`;
    const value = `${gateway === null ? "direct" : `via ${gateway}`}, metric ${metric}`;
    byKey.set(key, [...(byKey.get(key) ?? []), value]);
  }
  return [...byKey].map(([key, values]) => [key, listed(values)] as const);
}

/** The path that Windows takes to the target, or to anywhere. */
function hostPaths({ host }: Side) {
  if (host === null) return null;
  return host.ways.flatMap(({ family, adapter, nextHop, vpn }) => {
    if (adapter === null) return [];
    const tunnel = vpn === null || vpn === "none" ? "" : `, a VPN (${vpn})`;
    const over = nextHop === null ? "" : ` via ${nextHop}`;
    return [
      [`${windows("path to the target")}, IPv${family}`, `${adapter}${over}${tunnel}`] as const,
    ];
  });
}

function nameServers({ path }: Side) {
  const config = path.resolverConfig;
  if (config === null || config.problem !== null) return null;
  // Their order is that in which they are asked.
  const servers = config.servers.length === 0 ? "none" : config.servers.join(", ");
  return [
    [config.path, servers],
    [
      `search domains of ${config.path}`,
      config.search.length === 0 ? "none" : config.search.join(" "),
    ],
  ] as const;
}

function hostNameServers({ host }: Side) {
  if (host === null) return null;
  return host.adapters
    .filter(({ up, dnsServers }) => up !== false && dnsServers.length > 0)
    .map(({ name, dnsServers }) => [windows(name), dnsServers.join(", ")] as const);
}

/** Read by whole runs alone. */
function proxies({ path }: Side) {
  if (path.run?.command !== undefined) return null;
  const { proxy: environment, programProxies: programs } = path;
  // Windows' own setting is there only with its snapshot.
  if (environment?.origin === "windows") return null;
  const own = environment === null ? "none" : `${environment.variable}=${proxyName(environment)}`;
  return [
    ["the environment", own] as const,
    ...programs.map(
      ({ program, setting, where, proxy }) =>
        [`${program}, ${setting} in ${where}`, proxy ?? "none"] as const,
    ),
  ];
}

/** Names of adapters may be those of interfaces, too. */
function windows(name: string): string {
  return `Windows: ${name}`;
}
