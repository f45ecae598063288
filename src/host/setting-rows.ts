// The rows about the host's settings: firewall, services, NAT, DNS suffixes, offload, clock, .wslconfig.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Prefix, prefixOf } from "./address.ts";
import { rawSource, readSource, type Source } from "./sources.ts";
import { booleanOf, field, fieldsOf, integerOf, textOf, wordsOf } from "./values.ts";

export type FirewallAction = "allow" | "block" | "not-configured";

/** A row of Get-NetFirewallProfile (MSFT_NetFirewallProfile). Null: unset or absent. */
export interface FirewallProfileRow {
  readonly name: string;
  readonly enabled: boolean | null;
  readonly defaultInbound: FirewallAction | null;
  readonly allowInboundRules: boolean | null;
  readonly allowLocalRules: boolean | null;
}

/** A row of Get-NetFirewallHyperVVMSetting; the name is the creator's id, "{40E0AC32-...}" for WSL. */
export interface HyperVFirewallRow {
  readonly name: string;
  readonly enabled: boolean | null;
  readonly defaultInbound: FirewallAction | null;
  readonly defaultOutbound: FirewallAction | null;
}

/** A row of Get-Service. */
export interface ServiceRow {
  readonly name: string;
  /** ServiceControllerStatus: 4 is Running. */
  readonly running: boolean | null;
  readonly startType: string | null;
}

/** A row of Get-NetNat (MSFT_NetNat). */
export interface NetNatRow {
  readonly name: string;
  readonly internalPrefix: Prefix | null;
}

/** A row of Get-NetAdapterLso: large send offload of one adapter. */
export interface LsoRow {
  readonly name: string;
  readonly ipv4: boolean | null;
  readonly ipv6: boolean | null;
}

/** A range of ports that Windows keeps for itself (netsh interface ipv4 show excludedportrange). */
export interface PortRangeRow {
  readonly startPort: number;
  readonly endPort: number;
}

/** Get-NetFirewallProfile. */
export function firewallProfiles(snapshot: HostSnapshot): Source<FirewallProfileRow> {
  return readSource(snapshot, "Get-NetFirewallProfile", (fields) => {
    const name = textOf(field(fields, "Name", "Profile"));
    if (name === null) return NO_NAME;
    return {
      name,
      enabled: booleanOf(field(fields, "Enabled")),
      defaultInbound: actionOf(field(fields, "DefaultInboundAction")),
      allowInboundRules: booleanOf(field(fields, "AllowInboundRules")),
      allowLocalRules: booleanOf(field(fields, "AllowLocalFirewallRules")),
    };
  });
}

/**
 * Get-NetFirewallHyperVVMSetting.
 * @public
 */
export function hyperVFirewall(snapshot: HostSnapshot): Source<HyperVFirewallRow> {
  return readSource(snapshot, "Get-NetFirewallHyperVVMSetting", (fields) => {
    const name = textOf(field(fields, "Name", "VMCreatorId"));
    if (name === null) return NO_NAME;
    return {
      name,
      enabled: booleanOf(field(fields, "Enabled")),
      defaultInbound: actionOf(field(fields, "DefaultInboundAction")),
      defaultOutbound: actionOf(field(fields, "DefaultOutboundAction")),
    };
  });
}

const SERVICE_RUNNING = "4";

/** Get-Service. */
export function services(snapshot: HostSnapshot): Source<ServiceRow> {
  return readSource(snapshot, "Get-Service", (fields) => {
    const name = textOf(field(fields, "Name", "ServiceName"));
    if (name === null) return NO_NAME;
    const status = textOf(field(fields, "Status", "State"))?.toLowerCase() ?? null;
    return {
      name,
      running: status === null ? null : status === "running" || status === SERVICE_RUNNING,
      startType: textOf(field(fields, "StartType")),
    };
  });
}

/** Get-NetNat; usually empty on a WSL machine, whose NAT does not come from it. */
export function netNats(snapshot: HostSnapshot): Source<NetNatRow> {
  return readSource(snapshot, "Get-NetNat", (fields) => {
    const name = textOf(field(fields, "Name"));
    const prefix = textOf(field(fields, "InternalIPInterfaceAddressPrefix"));
    return name === null ? NO_NAME : { name, internalPrefix: prefixOf(prefix ?? "") };
  });
}

/**
 * Get-NetAdapterLso.
 * @public
 */
export function largeSendOffloads(snapshot: HostSnapshot): Source<LsoRow> {
  return readSource(snapshot, "Get-NetAdapterLso", (fields) => {
    const name = textOf(field(fields, "Name", "InterfaceAlias"));
    if (name === null) return NO_NAME;
    const ipv4 = booleanOf(field(fields, "IPv4Enabled", "V1IPv4Enabled"));
    return { name, ipv4, ipv6: booleanOf(field(fields, "IPv6Enabled")) };
  });
}

const MAX_PORT = 65_535;

/** "excludedPortRanges". */
export function excludedPortRanges(snapshot: HostSnapshot): Source<PortRangeRow> {
  return readSource(snapshot, "excludedPortRanges", (fields) => {
    const startPort = integerOf(field(fields, "StartPort", "Start"));
    const endPort = integerOf(field(fields, "EndPort", "End")) ?? startPort;
    const isRange = startPort !== null && endPort !== null && startPort <= endPort;
    return isRange && startPort >= 0 && endPort <= MAX_PORT
      ? { startPort, endPort }
      : "it has no StartPort and EndPort";
  });
}

/** The DNS suffixes that Windows appends to short names (Get-DnsClientGlobalSetting). */
export function suffixSearchLists(snapshot: HostSnapshot): Source<readonly string[]> {
  return readSource(snapshot, "Get-DnsClientGlobalSetting", (fields) =>
    wordsOf(field(fields, "SuffixSearchList")),
  );
}

/** A text of the snapshot: `.wslconfig`, or a property such as ("wsl", "version"); null when absent. */
export function hostText(snapshot: HostSnapshot, key: string, property?: string): string | null {
  const raw = rawSource(snapshot, key);
  if (property === undefined) return typeof raw === "string" ? raw : null;
  const fields = fieldsOf(raw);
  return fields === null ? null : textOf(field(fields, property));
}

const NO_NAME = "it has no Name";

// Action of NetSecurity's enums: 0 NotConfigured, 2 Allow, 4 Block.
const ACTIONS: Readonly<Record<string, FirewallAction>> = {
  "0": "not-configured",
  notconfigured: "not-configured",
  "2": "allow",
  allow: "allow",
  "4": "block",
  block: "block",
};

function actionOf(value: unknown): FirewallAction | null {
  return ACTIONS[(textOf(value) ?? "").toLowerCase()] ?? null;
}
