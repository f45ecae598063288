// Get-VMSwitchExtension: what looks into the packets of a Hyper-V switch.

import { booleanOf, type Fields, field, NO_NAME, textOf } from "../values.ts";

/** A row of Get-VMSwitchExtension, which only an administrator may read. */
export interface SwitchExtensionRow {
  readonly name: string;
  readonly vendor: string | null;
  readonly switchName: string | null;
  readonly enabled: boolean | null;
}

export function switchExtensionRow(fields: Fields): SwitchExtensionRow | string {
  const name = textOf(field(fields, "Name"));
  if (name === null) return NO_NAME;
  return {
    name,
    vendor: textOf(field(fields, "Vendor")),
    switchName: textOf(field(fields, "SwitchName")),
    enabled: booleanOf(field(fields, "Enabled")),
  };
}
