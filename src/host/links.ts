// The host's interfaces, joined from the cmdlets that each report a part of them.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import type { ByFamily, Family } from "./address.ts";
import { readHost } from "./host.ts";
import { memo } from "./memo.ts";
import { ownAddresses } from "./own-addresses.ts";
import type { InterfaceRef } from "./rows/interface-ref.ts";
import type { NetAdapterRow } from "./rows/net-adapter.ts";
import type { NetIpInterfaceRow } from "./rows/net-ip-interface.ts";
import type { VpnConnectionRow } from "./rows/vpn-connection.ts";
import { rowsOf } from "./sources.ts";

export interface InterfaceAddress {
  readonly address: string;
  readonly family: Family;
  readonly prefixLength: number | null;
}

/** An interface of the host as the cmdlets name it, before anything is concluded about it. */
export interface HostLink {
  /** The alias, or "interface 12" when no row has one. */
  readonly name: string;
  readonly ifIndex: number | null;
  readonly description: string | null;
  readonly interfaceType: number | null;
  readonly virtual: boolean | null;
  readonly hardware: boolean | null;
  readonly up: boolean | null;
  /** Per family, ConnectionState of Get-NetIPInterface. */
  readonly connected: ByFamily<boolean | null>;
  /** NlMtu in bytes; null when unknown, without a limit, or left over on a disconnected family. */
  readonly mtu: ByFamily<number | null>;
  /** Get-NetAdapter's MtuSize, bytes. */
  readonly driverMtu: number | null;
  readonly metric: ByFamily<number | null>;
  readonly addresses: readonly InterfaceAddress[];
  /** In the order of Windows, each once. */
  readonly dnsServers: readonly string[];
  /** The profile of Windows' VPN client with this name. */
  readonly vpnConnection: VpnConnectionRow | null;
}

/** Joined by ifIndex; rows without one are joined by alias, without regard to letter case. */
export const hostLinks = memo(joinLinks);

function joinLinks(snapshot: HostSnapshot): readonly HostLink[] {
  const host = readHost(snapshot);
  const adapters = rowsOf(host.adapters);
  const interfaces = rowsOf(host.ipInterfaces).filter((row) => row.active);
  const addresses = ownAddresses(host);
  const servers = rowsOf(host.dnsServers);
  const vpns = rowsOf(host.vpnConnections);
  const connectedVpns = vpns
    .filter((vpn) => vpn.connected === true)
    .map((vpn) => ({ alias: vpn.name, ifIndex: null }));
  const routes = rowsOf(host.routes);
  const rows = [...adapters, ...interfaces, ...addresses, ...servers, ...routes, ...connectedVpns];
  const refs = uniqueRefs(rows);
  const keyOf = keyFunction(refs);
  const ofKey = (key: string) => (row: InterfaceRef) => keyOf(row) === key;

  return [...new Set(refs.map(keyOf))].map((key) => {
    const mine = ofKey(key);
    const own = adapters.filter(mine);
    const ip = interfaces.filter(mine);
    const name = refs.find((ref) => mine(ref) && ref.alias !== null)?.alias;
    const ifIndex = refs.find((ref) => mine(ref) && ref.ifIndex !== null)?.ifIndex ?? null;
    const vpn = name === null || name === undefined ? null : profileOf(vpns, name);
    return {
      name: name ?? `interface ${ifIndex}`,
      ifIndex,
      description: firstOf(own, (row) => row.description),
      interfaceType: firstOf(own, (row) => row.interfaceType),
      virtual: firstOf(own, (row) => row.virtual),
      hardware: firstOf(own, (row) => row.hardware),
      up: isUp(own, ip, vpn),
      connected: { 4: isConnected(ip, 4), 6: isConnected(ip, 6) },
      mtu: { 4: inForce(ip, 4, "mtu"), 6: inForce(ip, 6, "mtu") },
      driverMtu: firstOf(own, (row) => row.mtu),
      metric: { 4: inForce(ip, 4, "metric"), 6: inForce(ip, 6, "metric") },
      addresses: uniqueAddresses(addresses.filter((row) => mine(row) && row.usable)),
      dnsServers: [...new Set(servers.filter(mine).flatMap((row) => row.servers))],
      vpnConnection: vpn,
    };
  });
}

/** Whether two rows are of one interface; an ifIndex on both sides decides, else the alias. */
export function sameInterface(a: InterfaceRef, b: InterfaceRef): boolean {
  if (a.ifIndex !== null && b.ifIndex !== null) return a.ifIndex === b.ifIndex;
  return a.alias !== null && b.alias !== null && folded(a.alias) === folded(b.alias);
}

/** The link as a row refers to it. */
export function refOf(link: HostLink): InterfaceRef {
  return { alias: link.name, ifIndex: link.ifIndex };
}

function uniqueRefs(rows: readonly InterfaceRef[]): readonly InterfaceRef[] {
  return [...new Map(rows.map((row) => [`${row.ifIndex} ${row.alias}`, row])).values()];
}

function keyFunction(refs: readonly InterfaceRef[]): (ref: InterfaceRef) => string {
  const indexOfAlias = new Map<string, number>();
  for (const { alias, ifIndex } of refs) {
    if (alias !== null && ifIndex !== null && !indexOfAlias.has(folded(alias))) {
      indexOfAlias.set(folded(alias), ifIndex);
    }
  }
  return ({ alias, ifIndex }) => {
    const index = ifIndex ?? indexOfAlias.get(folded(alias ?? ""));
    return index === undefined ? `alias ${folded(alias ?? "")}` : `index ${index}`;
  };
}

/** A name can stand in the user's list and in the list for all users: the connected one counts. */
function profileOf(vpns: readonly VpnConnectionRow[], name: string): VpnConnectionRow | null {
  const named = vpns.filter((vpn) => folded(vpn.name) === folded(name));
  return named.find((vpn) => vpn.connected === true) ?? named[0] ?? null;
}

function isUp(
  adapters: readonly NetAdapterRow[],
  interfaces: readonly NetIpInterfaceRow[],
  vpn: VpnConnectionRow | null,
): boolean | null {
  return (
    anyTrue(adapters.map((row) => row.up)) ??
    anyTrue(interfaces.map((row) => row.connected)) ??
    vpn?.connected ??
    null
  );
}

function isConnected(rows: readonly NetIpInterfaceRow[], family: Family): boolean | null {
  return anyTrue(rows.filter((row) => row.family === family).map((row) => row.connected));
}

function inForce(
  rows: readonly NetIpInterfaceRow[],
  family: Family,
  key: "mtu" | "metric",
): number | null {
  const live = rows.filter((row) => row.family === family && row.connected !== false);
  const sure = live.filter((row) => row.connected === true);
  return firstOf([...sure, ...live], (row) => row[key]);
}

function uniqueAddresses(rows: readonly InterfaceAddress[]): readonly InterfaceAddress[] {
  const byText = new Map(
    rows.map(({ address, family, prefixLength }) => [
      `${address}/${prefixLength}`,
      { address, family, prefixLength },
    ]),
  );
  return [...byText.values()];
}

function anyTrue(values: readonly (boolean | null)[]): boolean | null {
  if (values.includes(true)) return true;
  return values.includes(false) ? false : null;
}

function firstOf<Row, T>(rows: readonly Row[], pick: (row: Row) => T | null): T | null {
  for (const row of rows) {
    const value = pick(row);
    if (value !== null) return value;
  }
  return null;
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

/** Why a card is taken for a virtual one, where its own row says so. */
export const REPORTED_VIRTUAL = "Windows reports it as virtual";
