// What the texts of a host snapshot hold, by property: the rows are whatever PowerShell wrote, and all that is not named here is free text.

import type { TextKind } from "./text-kinds.ts";

type HostKind = Exclude<TextKind, "snapshot" | "target" | "target-path" | "id">;

/** By property in lower case, whatever source it is of. */
const BY_PROPERTY: Readonly<Record<string, HostKind>> = {
  collectedat: "time",
  utc: "time",
  interfacealias: "adapter",
  ifalias: "adapter",
  interfacedescription: "adapter",
  driverdescription: "adapter",
  macaddress: "mac",
  ipaddress: "address",
  ipv4address: "address",
  ipv6address: "address",
  ipaddresstostring: "address",
  address: "address",
  addresses: "address",
  server: "host",
  servers: "address",
  destinationprefix: "address",
  destinationaddress: "address",
  nexthop: "address",
  localaddress: "address",
  serveraddresses: "address",
  nameservers: "address",
  directaccessdnsservers: "address",
  internalipinterfaceaddressprefix: "address",
  externalipinterfaceaddressprefix: "address",
  subnet: "address",
  namespace: "host",
  namespaces: "host",
  suffixsearchlist: "host",
  dnssuffix: "host",
  serveraddress: "host",
  id: "digest",
  version: "version",
  kernel: "version",
  windows: "version",
  autoconfigurl: "url",
};

/** "Name" is another thing in each source. */
const NAMES: Readonly<Record<string, HostKind>> = {
  "get-netadapter": "adapter",
  "get-netadapterlso": "adapter",
  "get-vpnconnection": "adapter",
  "get-hnsnetwork": "adapter",
  "get-netnat": "adapter",
  resolve: "host",
};

/** @param source its key in the snapshot; "" outside of one */
export function hostKind(source: string, property: string): HostKind {
  const [from, key] = [source.trim().toLowerCase(), property.trim().toLowerCase()];
  if (key === "name") return NAMES[from] ?? "text";
  return BY_PROPERTY[key] ?? "text";
}
