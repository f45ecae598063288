// The rows about names and reachability: VPN profiles, NRPT, and what Windows itself resolved and reached.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { readSource, type Source } from "./sources.ts";
import {
  addressesOf,
  addressFrom,
  amountOf,
  booleanOf,
  type Fields,
  field,
  integerOf,
  textOf,
  wordsOf,
} from "./values.ts";

/** A row of Get-VpnConnection (VpnConnection class): one profile of Windows' built-in VPN client. */
export interface VpnConnectionRow {
  /** The profile's name, which is also its adapter's alias while it is connected. */
  readonly name: string;
  /** Address or name of the VPN server. */
  readonly server: string | null;
  /** ConnectionStatus; null when it is neither Connected nor Disconnected. */
  readonly connected: boolean | null;
  readonly splitTunneling: boolean | null;
  /** The domain that Windows appends to short names while it is connected. */
  readonly dnsSuffix: string | null;
}

/** One rule of the Name Resolution Policy Table ([MS-GPNRPT]). */
export interface NrptRow {
  /** Lower case: "." for every name, ".example.test" for a suffix, "host.example.test" for one name. */
  readonly namespaces: readonly string[];
  /** Empty when the rule names no server: the names then go to the adapters' servers. */
  readonly servers: readonly string[];
}

/** A row of "resolve": Windows' answer for a name. */
export interface ResolveRow {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly servers: readonly string[];
  readonly ms: number | null;
  readonly error: string | null;
}

/** A row of "reach": a TCP connect from Windows. */
export interface ReachRow {
  readonly address: string;
  readonly port: number;
  readonly ok: boolean;
  readonly ms: number | null;
  readonly error: string | null;
}

/** Get-VpnConnection. */
export function vpnConnections(snapshot: HostSnapshot): Source<VpnConnectionRow> {
  return readSource(snapshot, "Get-VpnConnection", (fields) => {
    const name = textOf(field(fields, "Name"));
    if (name === null) return "it has no Name";
    const status = textOf(field(fields, "ConnectionStatus"))?.toLowerCase();
    return {
      name,
      server: textOf(field(fields, "ServerAddress")),
      connected: status === "connected" ? true : status === "disconnected" ? false : null,
      splitTunneling: booleanOf(field(fields, "SplitTunneling")),
      dnsSuffix: textOf(field(fields, "DnsSuffix")),
    };
  });
}

/** Get-DnsClientNrptPolicy: what is in force (with -Effective) or what policy sets. */
export function nrptPolicies(snapshot: HostSnapshot): Source<NrptRow> {
  return readSource(snapshot, "Get-DnsClientNrptPolicy", nrptRow);
}

/** Get-DnsClientNrptRule: the local rules. */
export function nrptRules(snapshot: HostSnapshot): Source<NrptRow> {
  return readSource(snapshot, "Get-DnsClientNrptRule", nrptRow);
}

/** "resolve". */
export function resolveRows(snapshot: HostSnapshot): Source<ResolveRow> {
  return readSource(snapshot, "resolve", (fields) => {
    const name = textOf(field(fields, "name"));
    if (name === null) return "it has no name";
    return {
      name: plainName(name),
      addresses: addressesOf(field(fields, "addresses", "address")),
      servers: addressesOf(field(fields, "servers", "server")),
      ms: amountOf(field(fields, "ms")),
      error: errorText(fields),
    };
  });
}

const MAX_PORT = 65_535;

/** "reach". A row with neither a result nor an error is not understood. */
export function reachRows(snapshot: HostSnapshot): Source<ReachRow> {
  return readSource(snapshot, "reach", (fields) => {
    const address = addressFrom(field(fields, "address"));
    const port = integerOf(field(fields, "port"));
    const error = errorText(fields);
    const ok = booleanOf(field(fields, "ok")) ?? (error === null ? null : false);
    if (address === null) return "its address is no IP address";
    if (port === null || port < 1 || port > MAX_PORT) return "its port is none";
    if (ok === null) return "it does not say whether the connection worked";
    return { address: address.address, port, ok, ms: amountOf(field(fields, "ms")), error };
  });
}

/** A DNS name as it is compared: lower case, without the closing dot; "." stays. */
export function plainName(name: string): string {
  const trimmed = name.trim().toLowerCase();
  return trimmed.length > 1 ? trimmed.replace(/\.$/, "") : trimmed;
}

function nrptRow(fields: Fields): NrptRow | string {
  const namespaces = wordsOf(field(fields, "Namespace", "Namespaces")).map(plainName);
  if (namespaces.length === 0) return "it has no Namespace";
  const servers = addressesOf(field(fields, "NameServers"));
  const directAccess = addressesOf(field(fields, "DirectAccessDnsServers"));
  return { namespaces, servers: servers.length > 0 ? servers : directAccess };
}

function errorText(fields: Fields): string | null {
  const error = field(fields, "error");
  return textOf(error) ?? (error === undefined ? null : "no reason given");
}
