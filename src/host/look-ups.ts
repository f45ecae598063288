// Host look-ups: Windows' own answers for names, and its own connects.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { addressOf } from "./address.ts";
import { plainName } from "./dns-name.ts";
import { readHost } from "./host.ts";
import { whyUnread } from "./sources.ts";

export type HostResolved =
  | {
      readonly known: true;
      /** Empty when Windows got no address; `error` is then Windows' own message. */
      readonly addresses: readonly string[];
      /** The servers that were queried, by the snapshot; empty when it names none. */
      readonly servers: readonly string[];
      readonly ms: number | null;
      readonly error: string | null;
    }
  | { readonly known: false; readonly reason: string };

export type HostReached =
  | {
      readonly known: true;
      readonly ok: boolean;
      readonly ms: number | null;
      readonly error: string | null;
    }
  | { readonly known: false; readonly reason: string };

/** What Windows resolved a name to, from "resolve"; several rows of a name are put together. */
export function hostResolved(snapshot: HostSnapshot, name: string): HostResolved {
  const source = readHost(snapshot).resolved;
  if (source.state !== "rows") {
    return { known: false, reason: whyUnread(source) ?? "" };
  }
  const rows = source.rows.filter((row) => row.name === plainName(name));
  if (rows.length === 0) {
    return { known: false, reason: `Windows was not asked for ${name}` };
  }
  const addresses = [...new Set(rows.flatMap((row) => row.addresses))];
  return {
    known: true,
    addresses,
    servers: [...new Set(rows.flatMap((row) => row.servers))],
    ms: rows[0]?.ms ?? null,
    error: addresses.length > 0 ? null : (rows.find((row) => row.error !== null)?.error ?? null),
  };
}

/** The names that Windows got an address for, each once, in the order of the snapshot. */
export function resolvedNames(snapshot: HostSnapshot): readonly string[] {
  const source = readHost(snapshot).resolved;
  const rows = source.state === "rows" ? source.rows : [];
  return [...new Set(rows.flatMap((row) => (row.addresses.length > 0 ? [row.name] : [])))];
}

/** Whether a TCP connect from Windows worked, from "reach"; one success of several counts. */
export function hostReached(snapshot: HostSnapshot, address: string, port: number): HostReached {
  const source = readHost(snapshot).reached;
  if (source.state !== "rows") {
    return { known: false, reason: whyUnread(source) ?? "" };
  }
  const wanted = addressOf(address)?.address;
  const rows = source.rows.filter((row) => row.address === wanted && row.port === port);
  const row = rows.find(({ ok }) => ok) ?? rows[0];
  return row === undefined
    ? { known: false, reason: `Windows did not try ${address} port ${port}` }
    : { known: true, ok: row.ok, ms: row.ms, error: row.ok ? null : row.error };
}
