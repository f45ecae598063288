// Get-NetFirewallProfile and Get-NetFirewallHyperVVMSetting: what the two firewalls do by default.

import { booleanOf, type Fields, field, NO_NAME, textOf } from "../values.ts";

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

export function firewallProfileRow(fields: Fields): FirewallProfileRow | string {
  const name = textOf(field(fields, "Name", "Profile"));
  if (name === null) return NO_NAME;
  return {
    name,
    enabled: booleanOf(field(fields, "Enabled")),
    defaultInbound: actionOf(field(fields, "DefaultInboundAction")),
    allowInboundRules: booleanOf(field(fields, "AllowInboundRules")),
    allowLocalRules: booleanOf(field(fields, "AllowLocalFirewallRules")),
  };
}

export function hyperVFirewallRow(fields: Fields): HyperVFirewallRow | string {
  const name = textOf(field(fields, "Name", "VMCreatorId"));
  if (name === null) return NO_NAME;
  return {
    name,
    enabled: booleanOf(field(fields, "Enabled")),
    defaultInbound: actionOf(field(fields, "DefaultInboundAction")),
    defaultOutbound: actionOf(field(fields, "DefaultOutboundAction")),
  };
}

// Action of NetSecurity's enums: 0 NotConfigured, 2 Allow, 4 Block.
const ACTIONS: Readonly<Record<string, FirewallAction>> = {
  "0": "not-configured",
  notconfigured: "not-configured",
  "2": "allow",
  allow: "allow",
  "4": "block",
  block: "block",
};

/** Action of a profile, a setting or a rule; null where it is none of the three. */
export function actionOf(value: unknown): FirewallAction | null {
  return ACTIONS[(textOf(value) ?? "").toLowerCase()] ?? null;
}
