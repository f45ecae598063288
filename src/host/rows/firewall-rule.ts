// Get-NetFirewallRule: the rules of the Host Network Service, and which interfaces they open DNS on.

import { booleanOf, type Fields, field, listOf, NO_NAME, textOf } from "../values.ts";

/** A row of Get-NetFirewallRule -Name "HNS*" with its port and interface filters. */
export interface FirewallRuleRow {
  readonly name: string;
  readonly enabled: boolean | null;
  /** Whether it is about UDP port 53. */
  readonly opensDns: boolean;
  /** Aliases in lower case; empty for every interface. */
  readonly interfaces: readonly string[];
}

export function firewallRuleRow(fields: Fields): FirewallRuleRow | string {
  const name = textOf(field(fields, "Name"));
  if (name === null) return NO_NAME;
  const isUdp = ["udp", "17"].includes(textOf(field(fields, "Protocol"))?.toLowerCase() ?? "");
  const ports = listOf(field(fields, "LocalPort")).map(textOf);
  const aliases = listOf(field(fields, "InterfaceAlias")).flatMap((one) => textOf(one) ?? []);
  return {
    name,
    enabled: booleanOf(field(fields, "Enabled")),
    opensDns: isUdp && name.toUpperCase().startsWith("HNS") && ports.includes("53"),
    interfaces: aliases.map((alias) => alias.toLowerCase()).filter((alias) => alias !== "any"),
  };
}
