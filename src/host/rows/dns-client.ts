// Get-DnsClientServerAddress and Get-DnsClientGlobalSetting: name servers and search list.

import type { Family } from "../address.ts";
import { addressesOf, type Fields, familyOf, field, wordsOf } from "../values.ts";
import { type InterfaceRef, interfaceRef, NO_INTERFACE } from "./interface-ref.ts";

/** A row of Get-DnsClientServerAddress. */
export interface DnsServersRow extends InterfaceRef {
  readonly family: Family | null;
  readonly servers: readonly string[];
}

/** A row of Get-DnsClientGlobalSetting. */
export interface DnsSuffixesRow {
  /** What Windows appends to short names, in its order. */
  readonly suffixes: readonly string[];
}

export function dnsServersRow(fields: Fields): DnsServersRow | string {
  const ref = interfaceRef(fields);
  if (ref === null) return NO_INTERFACE;
  return {
    ...ref,
    family: familyOf(field(fields, "AddressFamily", "Family")),
    servers: addressesOf(field(fields, "ServerAddresses", "Address", "Addresses")),
  };
}

export function dnsSuffixesRow(fields: Fields): DnsSuffixesRow {
  return { suffixes: wordsOf(field(fields, "SuffixSearchList")) };
}
