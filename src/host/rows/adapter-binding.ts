// Get-NetAdapterBinding: which filters, protocols and services sit on an adapter.

import { booleanOf, type Fields, field, textOf } from "../values.ts";

/** A row of Get-NetAdapterBinding (MSFT_NetAdapterBindingSettingData). */
export interface AdapterBindingRow {
  /** The adapter's alias. */
  readonly adapter: string;
  readonly title: string | null;
  /** "ms_tcpip" and the like; the product's own for what others installed. In lower case. */
  readonly component: string;
  readonly enabled: boolean | null;
}

export function adapterBindingRow(fields: Fields): AdapterBindingRow | string {
  const adapter = textOf(field(fields, "Name", "InterfaceAlias"));
  const component = textOf(field(fields, "ComponentID"));
  if (adapter === null || component === null) return "it has no Name and ComponentID";
  return {
    adapter,
    title: textOf(field(fields, "DisplayName")),
    component: component.toLowerCase(),
    enabled: booleanOf(field(fields, "Enabled")),
  };
}
