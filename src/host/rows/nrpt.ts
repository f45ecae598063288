// Get-DnsClientNrptPolicy and Get-DnsClientNrptRule: which names go to which servers.

import { plainName } from "../dns-name.ts";
import { addressesOf, type Fields, field, wordsOf } from "../values.ts";

/** One rule of the Name Resolution Policy Table ([MS-GPNRPT]). */
export interface NrptRow {
  /** Lower case: "." for every name, ".example.test" for a suffix, "host.example.test" for one name. */
  readonly namespaces: readonly string[];
  /** Empty when the rule names no server: the names then go to the adapters' servers. */
  readonly servers: readonly string[];
}

export function nrptRow(fields: Fields): NrptRow | string {
  const namespaces = wordsOf(field(fields, "Namespace", "Namespaces")).map(plainName);
  if (namespaces.length === 0) return "it has no Namespace";
  const servers = addressesOf(field(fields, "NameServers"));
  const directAccess = addressesOf(field(fields, "DirectAccessDnsServers"));
  return { namespaces, servers: servers.length > 0 ? servers : directAccess };
}
