// "registry": values of the registry, one by one or a whole key as one object.

import { type Fields, field, listOf, textOf } from "../values.ts";

/** A row of "registry". */
export interface RegistryRow {
  readonly path: string;
  readonly name: string | null;
  /** The texts of the value, several for REG_MULTI_SZ; null when the row has none. */
  readonly value: readonly string[] | null;
  /** The row's properties by lower-case name, for a key that was written as one object. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

export function registryRow(fields: Fields): RegistryRow | string {
  const path = textOf(field(fields, "Path", "Key", "PSPath"));
  if (path === null) return "it has no Path";
  const value = field(fields, "Value");
  return {
    path,
    name: textOf(field(fields, "Name")),
    value: value === undefined ? null : textsOf(value),
    properties: Object.fromEntries([...fields].map(([name, of]) => [name, textsOf(of)])),
  };
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((item) => textOf(item) ?? []);
}
