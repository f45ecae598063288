// NRPT rules from the registry, for machines whose cmdlets show none although rules are in force.

import { plainName } from "./dns-name.ts";
import type { Host } from "./host.ts";
import type { NrptRow } from "./rows/nrpt.ts";
import type { RegistryRow } from "./rows/registry.ts";
import type { Source } from "./sources.ts";
import { addressesOf, wordsOf } from "./values.ts";

export interface RegistryNrptRow extends NrptRow {
  /** Below Policies (group policy) or below the Dnscache service. */
  readonly origin: "registry-policy" | "registry-local";
}

/**
 * The rules below ...\DnsPolicyConfig\{rule}: the values Name (REG_MULTI_SZ) and GenericDNSServers
 * (semicolons), [MS-GPNRPT] 2.2.2.1 and 2.2.2.13. Not collected when no row is from there.
 */
export function registryNrpt({ registry }: Host): Source<RegistryNrptRow> {
  if (registry.state !== "rows") return registry;
  const { name } = registry;
  const values = registry.rows.filter(({ path }) => /\\DnsPolicyConfig(\\|$)/i.test(path));
  if (values.length === 0) return { name, state: "not-collected" };
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
  return { name, state: "rows", rows, notUnderstood: [] };
}

/** The texts of a key's value, from its own row or from a row that is the whole key. */
function keyValue(rows: readonly RegistryRow[], name: string): readonly string[] {
  const own = rows.find((row) => isNamed(row, name) && row.value !== null);
  const whole = rows.find((row) => row.value === null && !isNamed(row, name));
  return own?.value ?? whole?.properties[name.toLowerCase()] ?? [];
}

function isNamed(row: RegistryRow, name: string): boolean {
  return row.name?.toLowerCase() === name.toLowerCase();
}
