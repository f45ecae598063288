// NRPT rules from the registry, for machines whose cmdlets show none although rules are in force.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type NrptRow, plainName } from "./dns-rows.ts";
import { readSource, type Source } from "./sources.ts";
import { addressesOf, type Fields, field, textOf, wordsOf } from "./values.ts";

/** A row of "registry": one value. */
export interface RegistryRow {
  readonly path: string;
  readonly name: string | null;
  readonly value: unknown;
  /** The row's other properties, for a key that was written as one object. */
  readonly fields: Fields;
}

export interface RegistryNrptRow extends NrptRow {
  /** Below Policies (group policy) or below the Dnscache service. */
  readonly origin: "registry-policy" | "registry-local";
}

/** "registry". */
function registryRows(snapshot: HostSnapshot): Source<RegistryRow> {
  return readSource(snapshot, "registry", (fields) => {
    const path = textOf(field(fields, "Path", "Key", "PSPath"));
    if (path === null) return "it has no Path";
    return { path, name: textOf(field(fields, "Name")), value: field(fields, "Value"), fields };
  });
}

/**
 * The rules below ...\DnsPolicyConfig\{rule}: the values Name (REG_MULTI_SZ) and GenericDNSServers
 * (semicolons), [MS-GPNRPT] 2.2.2.1 and 2.2.2.13. Not collected when no row is from there.
 */
export function registryNrpt(snapshot: HostSnapshot): Source<RegistryNrptRow> {
  const source = registryRows(snapshot);
  if (source.state !== "rows") return source;
  const values = source.rows.filter(({ path }) => /\\DnsPolicyConfig(\\|$)/i.test(path));
  if (values.length === 0) return { state: "not-collected" };
  const keys = [...new Set(values.map(({ path }) => path.toLowerCase()))];
  const rows = keys.flatMap((key) => {
    const own = values.filter(({ path }) => path.toLowerCase() === key);
    const namespaces = wordsOf(keyValue(own, "Name")).map(plainName);
    if (namespaces.length === 0) return [];
    const generic = addressesOf(keyValue(own, "GenericDNSServers"));
    const servers =
      generic.length > 0 ? generic : addressesOf(keyValue(own, "DirectAccessDNSServers"));
    const origin: RegistryNrptRow["origin"] = key.includes("\\policies\\")
      ? "registry-policy"
      : "registry-local";
    return [{ namespaces, servers, origin }];
  });
  return { state: "rows", rows, notUnderstood: [] };
}

/** A value of a key, from its own row or from a row that is the whole key. */
function keyValue(rows: readonly RegistryRow[], name: string): unknown {
  const own = rows.find((row) => isNamed(row, name) && row.value !== undefined);
  if (own !== undefined) return own.value;
  const whole = rows.find((row) => row.value === undefined && !isNamed(row, name));
  return whole === undefined ? undefined : field(whole.fields, name);
}

function isNamed(row: RegistryRow, name: string): boolean {
  return row.name?.toLowerCase() === name.toLowerCase();
}
