// Which DNS servers Windows would use for a name: the rules of the NRPT and the adapters' own servers.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { plainName } from "./dns-name.ts";
import { readHost } from "./host.ts";
import { hostLinks } from "./links.ts";
import { registryNrpt } from "./registry-nrpt.ts";
import type { AdapterRef } from "./routes.ts";
import type { NrptRow } from "./rows/nrpt.ts";
import { type Source, whyUnread } from "./sources.ts";

export type NrptSource =
  | "Get-DnsClientNrptPolicy"
  | "Get-DnsClientNrptRule"
  | "registry-policy"
  | "registry-local";

export interface NrptRule {
  /** "." for every name, ".example.test" for a suffix, "host.example.test" for one name. */
  readonly namespace: string;
  /** Empty for an exemption: such names go to the adapters' servers. */
  readonly servers: readonly string[];
  /** Every source that holds this rule with these servers. */
  readonly sources: readonly NrptSource[];
}

export type NrptAnswer =
  | {
      readonly known: true;
      /** Those that match, most specific first; Windows uses the first. */
      readonly rules: readonly NrptRule[];
      /** Why sources could not be read; a rule may be missing then. */
      readonly unread: readonly string[];
    }
  | {
      readonly known: false;
      readonly kind: "unreadable" | "not-collected";
      readonly reason: string;
    };

/**
 * The NRPT rules for a name, over every source of the snapshot: an exact name goes before the
 * longest suffix, and that before "." ([MS-GPNRPT] 2.2.2.1, Get-DnsClientNrptRule).
 */
export function nrptFor(snapshot: HostSnapshot, name: string): NrptAnswer {
  const all = nrptTable(snapshot);
  if (!all.known) return all;
  const rules = all.rules
    .map((rule) => ({ rule, rank: matchRank(rule.namespace, plainName(name)) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (b.rank ?? 0) - (a.rank ?? 0))
    .map(({ rule }) => rule);
  return { ...all, rules };
}

/** Every NRPT rule of the snapshot, the same rule of several sources once. */
function nrptTable(snapshot: HostSnapshot): NrptAnswer {
  const host = readHost(snapshot);
  const cmdlets = [
    { name: "Get-DnsClientNrptPolicy" as const, source: host.nrptPolicies },
    { name: "Get-DnsClientNrptRule" as const, source: host.nrptRules },
  ];
  const registry = registryNrpt(host);
  const sources: readonly (readonly [string, Source<NrptRow>])[] = [
    ...cmdlets.map(({ name, source }) => [name, source] as const),
    ["the registry's DnsPolicyConfig", registry],
  ];
  const unread = sources.flatMap(([name, source]) => whyUnread(source, name) ?? []);
  if (sources.every(([, source]) => source.state !== "rows")) {
    const failed = sources.some(([, source]) => source.state === "error");
    const kind = failed ? "unreadable" : "not-collected";
    return { known: false, kind, reason: unread.join("; ") };
  }
  const rules = [
    ...cmdlets.flatMap(({ name, source }) => rulesOf(source, () => name)),
    ...rulesOf(registry, (row) => row.origin),
  ];
  return { known: true, rules: merged(rules), unread };
}

/** The DNS servers of one adapter. */
export interface AdapterDns {
  readonly adapter: AdapterRef;
  readonly up: boolean | null;
  readonly servers: readonly string[];
}

export type AdapterDnsServers =
  | { readonly known: true; readonly adapters: readonly AdapterDns[] }
  | { readonly known: false; readonly reason: string };

/** The DNS servers that each adapter has of its own (Get-DnsClientServerAddress), both families. */
export function adapterDnsServers(snapshot: HostSnapshot): AdapterDnsServers {
  const why = whyUnread(readHost(snapshot).dnsServers);
  if (why !== null) return { known: false, reason: why };
  const adapters = hostLinks(snapshot).map((link) => ({
    adapter: { name: link.name, ifIndex: link.ifIndex },
    up: link.up,
    servers: link.dnsServers,
  }));
  return { known: true, adapters };
}

/** How specific the match is; null when the namespace does not cover the name. */
function matchRank(namespace: string, name: string): number | null {
  if (namespace === ".") return 0;
  if (!namespace.startsWith(".")) return namespace === name ? Number.POSITIVE_INFINITY : null;
  return name.endsWith(namespace) || `.${name}` === namespace ? namespace.length : null;
}

function rulesOf<Row extends NrptRow>(
  source: Source<Row>,
  origin: (row: Row) => NrptSource,
): readonly NrptRule[] {
  if (source.state !== "rows") return [];
  return source.rows.flatMap((row) =>
    row.namespaces.map((namespace) => ({
      namespace,
      servers: row.servers,
      sources: [origin(row)],
    })),
  );
}

function merged(rules: readonly NrptRule[]): readonly NrptRule[] {
  const byKey = new Map<string, NrptRule>();
  for (const rule of rules) {
    const key = JSON.stringify([rule.namespace, [...rule.servers].sort()]);
    const sources = [...(byKey.get(key)?.sources ?? []), ...rule.sources];
    byKey.set(key, { ...(byKey.get(key) ?? rule), sources: [...new Set(sources)] });
  }
  return [...byKey.values()];
}
