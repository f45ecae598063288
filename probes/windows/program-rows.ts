// Rows of ipconfig, route and netsh as the sources of a snapshot, with the cmdlets' property names.

import { addressOf } from "../../src/host/address.ts";
import { type HostSnapshot, parseHostSnapshot } from "../../src/schema/host-snapshot.ts";
import type { Ipconfig, IpconfigBlock } from "./ipconfig.ts";
import type { Netsh, NetshRow } from "./netsh.ts";
import type { RoutePrint } from "./route-print.ts";

interface Unread {
  readonly problem: string;
}

/** Each program's table, or why there is none. */
export interface ProgramOutputs {
  readonly ipconfig: Ipconfig | Unread;
  readonly route: RoutePrint | Unread;
  readonly interfaces4: Netsh | Unread;
  readonly interfaces6: Netsh | Unread;
  readonly routes4: Netsh | Unread;
  readonly routes6: Netsh | Unread;
  readonly ports: Netsh | Unread;
}

type Rows = readonly Readonly<Record<string, unknown>>[];
type InterfaceRow = Extract<NetshRow, { readonly kind: "interface" }>;

// AF_INET and AF_INET6 of winsock2.h, as Get-NetIPInterface numbers them.
const IPV4 = 2;
const IPV6 = 23;

/** Null when no table has a row. A source whose programs failed carries their reasons. */
export function snapshotFrom(outputs: ProgramOutputs): HostSnapshot | null {
  const links = linksOf(outputs);
  const sources = {
    "Get-NetIPInterface": sourceOf(
      [outputs.interfaces4, outputs.interfaces6],
      [...ipInterfaces(outputs.interfaces4, IPV4), ...ipInterfaces(outputs.interfaces6, IPV6)],
    ),
    "Get-NetAdapter": sourceOf([outputs.interfaces4, outputs.route], adapters(outputs, links)),
    "Get-NetIPAddress": sourceOf([outputs.ipconfig], addresses(links)),
    "Get-NetRoute": routeSource(outputs, links),
    "Get-DnsClientServerAddress": sourceOf([outputs.ipconfig], dnsServers(links)),
    excludedPortRanges: sourceOf([outputs.ports], portRanges(outputs.ports)),
  };
  const empty = Object.values(sources).every((source) => !Array.isArray(source) || !source.length);
  if (empty) return null;
  return parseHostSnapshot({
    schema: "wsl-trace.host/1",
    collectedAt: null,
    elevated: null,
    languageMode: null,
    /** Not every source is there: see the programs that were read. */
    collectedBy: "ipconfig, route, netsh",
    sources,
  });
}

/** An adapter of ipconfig with the name and index that the other programs have for it. */
interface Link {
  readonly block: IpconfigBlock;
  readonly name: string;
  readonly index: number | null;
}

function linksOf({ ipconfig, interfaces4, interfaces6, route }: ProgramOutputs): readonly Link[] {
  if ("problem" in ipconfig) return [];
  const known = [...interfaceRows(interfaces4), ...interfaceRows(interfaces6)];
  return ipconfig.blocks.map((block) => {
    const named = known
      .filter(({ name }) => block.title.endsWith(name))
      .sort((a, b) => b.name.length - a.name.length)[0];
    const zone = block.addresses.find((address) => address.zone !== null)?.zone ?? null;
    const same = "problem" in route ? [] : route.interfaces;
    const described = same.filter(({ description }) => description === block.description);
    const only = described.length === 1 ? described[0]?.index : undefined;
    return {
      block,
      name: named?.name ?? block.title,
      index: named?.index ?? zone ?? only ?? null,
    };
  });
}

function interfaceRows(netsh: Netsh | Unread): readonly InterfaceRow[] {
  return "problem" in netsh ? [] : netsh.rows.filter((row) => row.kind === "interface");
}

function ipInterfaces(netsh: Netsh | Unread, family: number): Rows {
  return interfaceRows(netsh).map(({ index, name, mtu, metric, connected }) => ({
    ifIndex: index,
    InterfaceAlias: name,
    AddressFamily: family,
    NlMtu: mtu,
    InterfaceMetric: metric,
    ConnectionState: connected === null ? null : connected ? "Connected" : "Disconnected",
  }));
}

function adapters(outputs: ProgramOutputs, links: readonly Link[]): Rows {
  const described = "problem" in outputs.route ? [] : outputs.route.interfaces;
  const named = interfaceRows(outputs.interfaces4);
  const indexes = new Set([...described, ...named].map(({ index }) => index));
  return [...indexes].map((index) => {
    const link = links.find((candidate) => candidate.index === index);
    const own = named.find((row) => row.index === index);
    const up = own?.connected ?? link?.block.connected ?? null;
    return {
      ifIndex: index,
      Name: own?.name ?? link?.name ?? null,
      InterfaceDescription:
        link?.block.description ?? described.find((row) => row.index === index)?.description,
      Status: up === null ? null : up ? "Up" : "Disconnected",
    };
  });
}

function addresses(links: readonly Link[]): Rows {
  return links.flatMap(({ block, name, index }) =>
    block.addresses.map(({ address, prefixLength }) => ({
      InterfaceAlias: name,
      InterfaceIndex: index,
      IPAddress: address,
      PrefixLength: prefixLength,
      AddressFamily: familyOf(address),
    })),
  );
}

function dnsServers(links: readonly Link[]): Rows {
  return links.map(({ block, name, index }) => ({
    InterfaceAlias: name,
    InterfaceIndex: index,
    ServerAddresses: block.dnsServers,
  }));
}

/** A family that could not be read must not look like one without routes. */
function routeSource(outputs: ProgramOutputs, links: readonly Link[]): Rows | { error: string } {
  const { route, routes4, routes6 } = outputs;
  const four = routes(outputs, routes4, links, IPV4);
  const six = routes(outputs, routes6, links, IPV6);
  const unread = [
    sourceOf("problem" in route ? [routes4, route] : [], four),
    sourceOf("problem" in route ? [routes6, route] : [], six),
  ].find((source) => "error" in source);
  return unread ?? [...four, ...six];
}

/** netsh has the interface's index and the route's own metric; route print only their sum. */
function routes(
  { route }: ProgramOutputs,
  netsh: Netsh | Unread,
  links: readonly Link[],
  family: number,
): Rows {
  const own = "problem" in netsh ? [] : netsh.rows.filter((row) => row.kind === "route");
  if (own.length > 0) {
    return own.map(({ index, prefix, nextHop, metric }) => ({
      ifIndex: index,
      DestinationPrefix: prefix,
      NextHop: nextHop ?? onLink(family),
      RouteMetric: metric,
      AddressFamily: family,
    }));
  }
  if ("problem" in route) return [];
  return route.routes
    .filter(({ prefix }) => familyOf(prefix.split("/")[0] ?? "") === family)
    .map(({ prefix, nextHop, metric, interface: over }) => ({
      ...("index" in over ? { ifIndex: over.index } : linkWith(links, over.address)),
      DestinationPrefix: prefix,
      NextHop: nextHop ?? onLink(family),
      RouteMetric: metric,
      InterfaceMetric: 0,
      AddressFamily: family,
    }));
}

/** The interface with that address; the loopback interface is in no ipconfig. */
function linkWith(links: readonly Link[], address: string): Readonly<Record<string, unknown>> {
  const link = links.find(({ block }) => block.addresses.some((own) => own.address === address));
  if (link !== undefined) return { ifIndex: link.index, InterfaceAlias: link.name };
  return address.startsWith("127.") ? { ifIndex: 1 } : { InterfaceAlias: `interface ${address}` };
}

function portRanges(netsh: Netsh | Unread): Rows {
  const rows = "problem" in netsh ? [] : netsh.rows;
  return rows.flatMap((row) =>
    row.kind === "port-range" ? [{ StartPort: row.startPort, EndPort: row.endPort }] : [],
  );
}

/** The rows, or the reasons when there are none and a program failed. */
function sourceOf(tables: readonly (object | Unread)[], rows: Rows): Rows | { error: string } {
  const problems = tables.flatMap((table) => ("problem" in table ? [table.problem] : []));
  return rows.length === 0 && problems.length > 0 ? { error: problems.join("; ") } : rows;
}

function onLink(family: number): string {
  return family === IPV4 ? "0.0.0.0" : "::";
}

function familyOf(address: string): number {
  return addressOf(address)?.family === 6 ? IPV6 : IPV4;
}
