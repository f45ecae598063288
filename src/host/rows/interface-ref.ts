// The interface that a row belongs to, and whether the row is in force: the same properties in many cmdlets.

import { type Fields, field, integerOf, textOf } from "../values.ts";

/** The interface that a row belongs to; never both null. */
export interface InterfaceRef {
  /** InterfaceAlias or Name. */
  readonly alias: string | null;
  readonly ifIndex: number | null;
}

export const NO_INTERFACE = "it names no interface";

/** "Name" is the alias in Get-NetAdapter only; elsewhere it is an internal key. */
export function interfaceRef(
  fields: Fields,
  ...otherNames: readonly string[]
): InterfaceRef | null {
  const alias = textOf(field(fields, "InterfaceAlias", "ifAlias", ...otherNames));
  const ifIndex = integerOf(field(fields, "ifIndex", "InterfaceIndex"));
  return alias === null && ifIndex === null ? null : { alias, ifIndex };
}

/** Store: 1 or "ActiveStore" is in force, 0 or "PersistentStore" waits for the next start. */
export function isActive(fields: Fields): boolean {
  const store = textOf(field(fields, "Store", "PolicyStore"))?.toLowerCase() ?? "";
  return !(store === "0" || store.startsWith("persist"));
}
