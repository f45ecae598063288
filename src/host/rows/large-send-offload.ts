// Get-NetAdapterLso: large send offload of the adapters.

import { booleanOf, type Fields, field, NO_NAME, textOf } from "../values.ts";

/** A row of Get-NetAdapterLso. */
export interface LargeSendOffloadRow {
  readonly name: string;
  readonly ipv4: boolean | null;
  readonly ipv6: boolean | null;
}

export function largeSendOffloadRow(fields: Fields): LargeSendOffloadRow | string {
  const name = textOf(field(fields, "Name", "InterfaceAlias"));
  if (name === null) return NO_NAME;
  const ipv4 = booleanOf(field(fields, "IPv4Enabled", "V1IPv4Enabled"));
  return { name, ipv4, ipv6: booleanOf(field(fields, "IPv6Enabled")) };
}
