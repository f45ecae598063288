// Every source that a host snapshot can hold, and which of the three states each one is in.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { rawSource, readSource, type Source } from "./sources.ts";

/** In the order in which people look at them. */
const SOURCE_NAMES = [
  ...["Get-NetAdapter", "Get-NetIPInterface", "Get-NetIPAddress", "Get-NetRoute"],
  ...["Get-DnsClientServerAddress", "Get-DnsClientNrptPolicy", "Get-DnsClientNrptRule"],
  ...["Get-DnsClientGlobalSetting", "Get-VpnConnection", "Get-NetNat", "Get-NetFirewallProfile"],
  ...["Get-NetFirewallHyperVVMSetting", "Get-NetAdapterLso", "Get-Service", "Get-HnsNetwork"],
  ...["excludedPortRanges", "proxy", "registry", "wsl", "wslconfig", "clock", "resolve", "reach"],
] as const;

export type SourceState =
  | { readonly name: string; readonly state: "read"; readonly rows: number }
  | { readonly name: string; readonly state: "unread"; readonly error: string }
  | { readonly name: string; readonly state: "not-collected" };

/** The state of each known source, then of those that only this snapshot has. A text counts as one row. */
export function sourceStates(snapshot: HostSnapshot): readonly SourceState[] {
  const known = new Set(SOURCE_NAMES.map((name) => name.toLowerCase()));
  const others = Object.keys(snapshot.sources).filter(
    (name) => !known.has(name.trim().toLowerCase()),
  );
  return [...SOURCE_NAMES, ...others].map((name) => stateOf(snapshot, name));
}

function stateOf(snapshot: HostSnapshot, name: string): SourceState {
  if (typeof rawSource(snapshot, name) === "string") return { name, state: "read", rows: 1 };
  const source: Source<null> = readSource(snapshot, name, () => null);
  switch (source.state) {
    case "rows":
      return { name, state: "read", rows: source.rows.length + source.notUnderstood.length };
    case "error":
      return { name, state: "unread", error: source.error };
    case "not-collected":
      return { name, state: "not-collected" };
  }
}
