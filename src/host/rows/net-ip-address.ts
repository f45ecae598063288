// Get-NetIPAddress: the host's own addresses.

import type { Family } from "../address.ts";
import { addressFrom, type Fields, field, integerOf, textOf } from "../values.ts";
import { type InterfaceRef, interfaceRef, isActive, NO_INTERFACE } from "./interface-ref.ts";

/** A row of Get-NetIPAddress (MSFT_NetIPAddress). */
export interface NetIpAddressRow extends InterfaceRef {
  readonly address: string;
  readonly family: Family;
  readonly prefixLength: number | null;
  /** False when AddressState is Invalid or Duplicate, or the row is not in force. */
  readonly usable: boolean;
}

/** The prefix length may stand behind the address or in PrefixLength. */
export function netIpAddressRow(fields: Fields): NetIpAddressRow | string {
  const ref = interfaceRef(fields);
  const raw = field(fields, "IPAddress", "Address", "IPv4Address", "IPv6Address");
  const [bare, length] = (textOf(raw) ?? "").split("/");
  const address = addressFrom(raw) ?? addressFrom(bare);
  if (ref === null) return NO_INTERFACE;
  if (address === null) return "its IPAddress is no address";
  return {
    ...ref,
    address: address.address,
    family: address.family,
    prefixLength: integerOf(length) ?? integerOf(field(fields, "PrefixLength")),
    usable: isActive(fields) && !isUnusable(field(fields, "AddressState")),
  };
}

/** AddressState of MSFT_NetIPAddress: 0 Invalid, 2 Duplicate. */
function isUnusable(value: unknown): boolean {
  return ["0", "2", "invalid", "duplicate"].includes((textOf(value) ?? "").toLowerCase());
}
