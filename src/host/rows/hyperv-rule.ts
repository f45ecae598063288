// Get-NetFirewallHyperVRule: the rules of the Hyper-V firewall, which sees what the distro sends and receives.

import { booleanOf, type Fields, field, integerOf, NO_NAME, textOf, wordsOf } from "../values.ts";
import { actionOf, type FirewallAction } from "./firewall.ts";

/** A row of Get-NetFirewallHyperVRule (MSFT_NetFirewallHyperVRule). A list is empty where the rule is about anything. */
export interface HyperVRuleRow {
  readonly name: string;
  readonly title: string | null;
  readonly enabled: boolean | null;
  readonly direction: "inbound" | "outbound" | null;
  readonly action: FirewallAction | null;
  /** The creator's id, "{40E0AC32-...}" for WSL; null for every virtual machine. */
  readonly creator: string | null;
  /** In lower case; null for any. */
  readonly protocol: string | null;
  readonly localAddresses: readonly string[];
  readonly localPorts: readonly string[];
  readonly remoteAddresses: readonly string[];
  readonly remotePorts: readonly string[];
  /** The lower one is looked at first; null where it is unset. */
  readonly priority: number | null;
}

export function hyperVRuleRow(fields: Fields): HyperVRuleRow | string {
  const name = textOf(field(fields, "Name", "InstanceID"));
  if (name === null) return NO_NAME;
  const list = (key: string) => wordsOf(field(fields, key)).filter((one) => !isAny(one));
  const creator = textOf(field(fields, "VMCreatorId"));
  const protocol = textOf(field(fields, "Protocol"))?.toLowerCase() ?? null;
  return {
    name,
    title: textOf(field(fields, "DisplayName")),
    enabled: enabledOf(field(fields, "Enabled")),
    direction: directionOf(field(fields, "Direction")),
    action: actionOf(field(fields, "Action")),
    creator: creator === null || isAny(creator) ? null : creator,
    protocol: protocol === null || isAny(protocol) ? null : protocol,
    localAddresses: list("LocalAddresses"),
    localPorts: list("LocalPorts"),
    remoteAddresses: list("RemoteAddresses"),
    remotePorts: list("RemotePorts"),
    priority: integerOf(field(fields, "RulePriority")) || null,
  };
}

const isAny = (text: string) => text.toLowerCase() === "any";

/** Enabled of NetSecurity's enums: 1 True, 2 False. */
function enabledOf(value: unknown): boolean | null {
  return textOf(value) === "2" ? false : booleanOf(value);
}

/** Direction of NetSecurity's enums: 1 Inbound, 2 Outbound. */
function directionOf(value: unknown): HyperVRuleRow["direction"] {
  const word = textOf(value)?.toLowerCase();
  if (word === "2" || word === "outbound") return "outbound";
  return word === "1" || word === "inbound" ? "inbound" : null;
}
