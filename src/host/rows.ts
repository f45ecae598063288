// The rows of the cmdlets about adapters, addresses and routes, with one type per property.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Family, type Prefix, prefixOf, withZone } from "./address.ts";
import { perSnapshot } from "./per-snapshot.ts";
import { readSource, type Source } from "./sources.ts";
import {
  addressesOf,
  addressFrom,
  booleanOf,
  connectedOf,
  type Fields,
  familyOf,
  field,
  integerOf,
  mtuOf,
  textOf,
  upOf,
} from "./values.ts";

/** The interface that a row belongs to; never both null. */
export interface InterfaceRef {
  /** InterfaceAlias or Name. */
  readonly alias: string | null;
  readonly ifIndex: number | null;
}

/** A row of Get-NetAdapter (MSFT_NetAdapter). */
export interface NetAdapterRow extends InterfaceRef {
  readonly description: string | null;
  /** Status, English words on every locale seen; null when unknown. */
  readonly up: boolean | null;
  /** MtuSize, bytes: the driver's value, not the one that IP uses. */
  readonly mtu: number | null;
  /** IANA ifType: 6 Ethernet, 23 PPP, 24 loopback, 53 PROP_VIRTUAL, 71 Wi-Fi, 131 tunnel. */
  readonly interfaceType: number | null;
  readonly virtual: boolean | null;
  /** HardwareInterface or ConnectorPresent: there is a device or a plug. */
  readonly hardware: boolean | null;
}

/** A row of Get-NetIPInterface (MSFT_NetIPInterface), one per interface and family. */
export interface NetIpInterfaceRow extends InterfaceRef {
  readonly family: Family;
  /** NlMtu, bytes; null when unset or "no limit". */
  readonly mtu: number | null;
  readonly metric: number | null;
  readonly connected: boolean | null;
  /** False for rows of the persistent store, which are not in force. */
  readonly active: boolean;
}

/** A row of Get-NetIPAddress (MSFT_NetIPAddress). */
export interface NetIpAddressRow extends InterfaceRef {
  readonly address: string;
  readonly family: Family;
  readonly prefixLength: number | null;
  /** False when AddressState is Invalid or Duplicate, or the row is not in force. */
  readonly usable: boolean;
}

/** A row of Get-NetRoute (MSFT_NetRoute). */
export interface NetRouteRow extends InterfaceRef {
  readonly prefix: Prefix;
  /** Null when the destination is on the link itself (next hop 0.0.0.0 or ::). */
  readonly nextHop: string | null;
  readonly routeMetric: number | null;
  readonly interfaceMetric: number | null;
  readonly active: boolean;
}

/** A row of Get-DnsClientServerAddress. */
export interface DnsServersRow extends InterfaceRef {
  readonly family: Family | null;
  readonly servers: readonly string[];
}

/** Get-NetAdapter. */
export function netAdapters(snapshot: HostSnapshot): Source<NetAdapterRow> {
  return readSource(snapshot, "Get-NetAdapter", (fields) => {
    const ref = interfaceRef(fields, "Name");
    if (ref === null) return NO_INTERFACE;
    return {
      ...ref,
      description: textOf(field(fields, "InterfaceDescription", "DriverDescription")),
      up: upOf(field(fields, "Status")) ?? upOf(field(fields, "InterfaceOperationalStatus")),
      mtu: mtuOf(field(fields, "MtuSize")),
      interfaceType: interfaceType(field(fields, "InterfaceType", "ifType")),
      virtual: booleanOf(field(fields, "Virtual")),
      hardware: eitherTrue(field(fields, "HardwareInterface"), field(fields, "ConnectorPresent")),
    };
  });
}

/** Get-NetIPInterface. */
export function netIpInterfaces(snapshot: HostSnapshot): Source<NetIpInterfaceRow> {
  return readSource(snapshot, "Get-NetIPInterface", (fields) => {
    const ref = interfaceRef(fields);
    const family = familyOf(field(fields, "AddressFamily", "Family"));
    if (ref === null) return NO_INTERFACE;
    if (family === null) return "its AddressFamily is neither IPv4 (2) nor IPv6 (23)";
    return {
      ...ref,
      family,
      mtu: mtuOf(field(fields, "NlMtu", "NlMtu(Bytes)", "NlMtuBytes")),
      metric: integerOf(field(fields, "InterfaceMetric", "ifMetric")),
      connected: connectedOf(field(fields, "ConnectionState", "State")),
      active: isActive(fields),
    };
  });
}

/** Get-NetIPAddress. The prefix length may stand behind the address or in PrefixLength. */
export function netIpAddresses(snapshot: HostSnapshot): Source<NetIpAddressRow> {
  return readSource(snapshot, "Get-NetIPAddress", (fields) => {
    const ref = interfaceRef(fields);
    const raw = field(fields, "IPAddress", "Address", "IPv4Address", "IPv6Address");
    const [bare, length] = (textOf(raw) ?? "").split("/");
    const address = addressFrom(raw) ?? addressFrom(bare);
    if (ref === null) return NO_INTERFACE;
    if (address === null) return "its IPAddress is no address";
    const prefixLength = integerOf(length) ?? integerOf(field(fields, "PrefixLength"));
    return {
      ...ref,
      address: address.address,
      family: address.family,
      prefixLength,
      usable: isActive(fields) && !isUnusable(field(fields, "AddressState")),
    };
  });
}

/** Get-NetRoute. The prefix length may stand behind the destination or in PrefixLength. */
export const netRoutes = perSnapshot((snapshot) =>
  readSource<NetRouteRow>(snapshot, "Get-NetRoute", (fields) => {
    const ref = interfaceRef(fields);
    const destination = textOf(field(fields, "DestinationPrefix", "DestinationAddress")) ?? "";
    const prefix = prefixOf(destination, integerOf(field(fields, "PrefixLength")));
    const rawHop = field(fields, "NextHop");
    const hop = addressFrom(rawHop);
    if (ref === null) return NO_INTERFACE;
    if (prefix === null) return "its DestinationPrefix is no prefix";
    if (hop === null && rawHop !== undefined && !/^on-?link$/i.test(textOf(rawHop) ?? "")) {
      return "its NextHop is no address";
    }
    return {
      ...ref,
      prefix,
      nextHop: hop === null || ["0.0.0.0", "::"].includes(hop.address) ? null : withZone(hop),
      routeMetric: integerOf(field(fields, "RouteMetric")),
      interfaceMetric: integerOf(field(fields, "InterfaceMetric", "ifMetric")),
      active: isActive(fields),
    };
  }),
);

/** Get-DnsClientServerAddress. */
export function dnsServerRows(snapshot: HostSnapshot): Source<DnsServersRow> {
  return readSource(snapshot, "Get-DnsClientServerAddress", (fields) => {
    const ref = interfaceRef(fields);
    if (ref === null) return NO_INTERFACE;
    return {
      ...ref,
      family: familyOf(field(fields, "AddressFamily", "Family")),
      servers: addressesOf(field(fields, "ServerAddresses", "Address", "Addresses")),
    };
  });
}

const NO_INTERFACE = "it names no interface";

/** "Name" is the alias in Get-NetAdapter only; elsewhere it is an internal key. */
function interfaceRef(fields: Fields, ...otherNames: readonly string[]): InterfaceRef | null {
  const alias = textOf(field(fields, "InterfaceAlias", "ifAlias", ...otherNames));
  const ifIndex = integerOf(field(fields, "ifIndex", "InterfaceIndex"));
  return alias === null && ifIndex === null ? null : { alias, ifIndex };
}

// .NET's NetworkInterfaceType names, for snapshots that carry names (ipifcons.h has the numbers).
const TYPE_WORDS: Readonly<Record<string, number>> = {
  ethernet: 6,
  ethernetcsmacd: 6,
  ppp: 23,
  loopback: 24,
  softwareloopback: 24,
  propvirtual: 53,
  wireless80211: 71,
  ieee80211: 71,
  tunnel: 131,
};

function interfaceType(value: unknown): number | null {
  return integerOf(value) ?? TYPE_WORDS[(textOf(value) ?? "").toLowerCase()] ?? null;
}

function eitherTrue(a: unknown, b: unknown): boolean | null {
  const [first, second] = [booleanOf(a), booleanOf(b)];
  return first === true || second === true ? true : (first ?? second);
}

/** Store: 1 or "ActiveStore" is in force, 0 or "PersistentStore" waits for the next start. */
function isActive(fields: Fields): boolean {
  const store = textOf(field(fields, "Store", "PolicyStore"))?.toLowerCase() ?? "";
  return !(store === "0" || store.startsWith("persist"));
}

/** AddressState of MSFT_NetIPAddress: 0 Invalid, 2 Duplicate. */
function isUnusable(value: unknown): boolean {
  return ["0", "2", "invalid", "duplicate"].includes((textOf(value) ?? "").toLowerCase());
}
