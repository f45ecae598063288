// Get-NetNat and Get-HnsNetwork: the address translations and the virtual networks of Windows.

import { type Prefix, prefixOf } from "../address.ts";
import { type Fields, field, listOf, NO_NAME, textOf } from "../values.ts";

/** A row of Get-NetNat (MSFT_NetNat); usually there is none, WSL's NAT does not come from it. */
export interface NetNatRow {
  readonly name: string;
  readonly internalPrefix: Prefix | null;
}

/** A row of Get-HnsNetwork: a network of the Host Network Service. */
export interface HnsNetworkRow {
  readonly name: string;
  /** "ICS", "NAT", "Transparent" ... */
  readonly type: string | null;
  readonly subnets: readonly Prefix[];
}

export function netNatRow(fields: Fields): NetNatRow | string {
  const name = textOf(field(fields, "Name"));
  const prefix = textOf(field(fields, "InternalIPInterfaceAddressPrefix"));
  return name === null ? NO_NAME : { name, internalPrefix: prefixOf(prefix ?? "") };
}

export function hnsNetworkRow(fields: Fields): HnsNetworkRow | string {
  const name = textOf(field(fields, "Name"));
  if (name === null) return NO_NAME;
  return {
    name,
    type: textOf(field(fields, "Type")),
    subnets: listOf(field(fields, "Subnet")).flatMap((one) => prefixOf(textOf(one) ?? "") ?? []),
  };
}
