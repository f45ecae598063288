// Every source that a host snapshot can hold, and which of the three states each one is in.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Host, readHost } from "./host.ts";
import { otherSources, type Source } from "./sources.ts";

export type SourceState =
  | { readonly name: string; readonly state: "read"; readonly rows: number }
  | { readonly name: string; readonly state: "unread"; readonly error: string }
  | { readonly name: string; readonly state: "not-collected" };

/** The state of each known source, then of those that only this snapshot has. A text counts as one row. */
export function sourceStates(snapshot: HostSnapshot): readonly SourceState[] {
  // Nobody misses what no collector queries.
  const {
    firewallRules: _,
    switchExtensions: __,
    tcpListeners: ___,
    ...queried
  }: Host = readHost(snapshot);
  const known: readonly Source<unknown>[] = Object.values(queried);
  const names = known.map(({ name }) => name);
  return [...known, ...otherSources(snapshot, names)].map(stateOf);
}

function stateOf(source: Source<unknown>): SourceState {
  const { name } = source;
  switch (source.state) {
    case "rows":
      return { name, state: "read", rows: source.rows.length + source.notUnderstood.length };
    case "error":
      return { name, state: "unread", error: source.error };
    case "not-collected":
      return { name, state: "not-collected" };
  }
}
