// What the Hyper-V firewall of Windows does to a connection that the distro opens.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Address, addressOf, inPrefix, prefixOf } from "./address.ts";
import { readHost } from "./host.ts";
import type { HyperVRuleRow } from "./rows/hyperv-rule.ts";
import { rowsOf, whyUnread } from "./sources.ts";

/** WSL's virtual machine creator id (MicrosoftDocs/WSL, "Hyper-V firewall"). */
export const WSL_CREATOR = "{40E0AC32-46A5-438A-A0B2-2B479E8F2E90}";

export type HyperVOutbound =
  | { readonly kind: "unread"; readonly reason: string }
  | { readonly kind: "off" }
  | { readonly kind: "passes" }
  | { readonly kind: "rule"; readonly name: string; readonly title: string | null }
  | { readonly kind: "default" };

/** What decides about a TCP connection from the distro; a rule whose conditions cannot be read decides nothing. */
export function hyperVOutbound(
  snapshot: HostSnapshot,
  address: Address,
  port: number,
): HyperVOutbound {
  const { hyperVFirewalls, hyperVRules } = readHost(snapshot);
  const reason = whyUnread(hyperVFirewalls) ?? whyUnread(hyperVRules);
  const setting = rowsOf(hyperVFirewalls).find(({ name }) => isWsl(name));
  if (setting?.enabled === false) return { kind: "off" };
  const deciding = rowsOf(hyperVRules)
    .filter((rule) => isAbout(rule, address, port))
    .sort((a, b) => rank(a) - rank(b))[0];
  if (deciding?.action === "block") {
    return { kind: "rule", name: deciding.name, title: deciding.title };
  }
  if (deciding?.action === "allow") return { kind: "passes" };
  // An allowing rule may be among those that were not read.
  if (reason !== null) return { kind: "unread", reason };
  return setting?.defaultOutbound === "block" ? { kind: "default" } : { kind: "passes" };
}

/** RulePriority: the lower first; unset counts as 1 for Block and 2 for Allow (MSFT_NetFirewallHyperVRule). */
function rank({ priority, action }: HyperVRuleRow): number {
  return priority ?? (action === "block" ? 1 : 2);
}

function isWsl(creator: string): boolean {
  return creator.toUpperCase() === WSL_CREATOR;
}

function isAbout(rule: HyperVRuleRow, address: Address, port: number): boolean {
  const { enabled, direction, creator, protocol, localAddresses, localPorts } = rule;
  if (enabled === false || direction !== "outbound") return false;
  if (creator !== null && !isWsl(creator)) return false;
  if (protocol !== null && protocol !== "tcp" && protocol !== "6") return false;
  if (localAddresses.length > 0 || localPorts.length > 0) return false;
  const { remoteAddresses, remotePorts } = rule;
  const isThere =
    remoteAddresses.length === 0 || remoteAddresses.some((one) => holds(one, address));
  return isThere && (remotePorts.length === 0 || remotePorts.some((one) => hasPort(one, port)));
}

/** An address, a prefix, or a range of two addresses; names such as LocalSubnet are about no address that is known. */
function holds(text: string, address: Address): boolean {
  const [first = "", last] = text.split("-");
  if (last !== undefined) return isBetween(address, addressOf(first), addressOf(last));
  const [network = "", mask = ""] = text.split("/");
  const prefix = prefixOf(mask.includes(".") ? `${network}/${maskLength(mask)}` : text);
  if (prefix !== null) return inPrefix(address, prefix);
  const only = addressOf(text);
  return only?.address === address.address;
}

/** "255.255.240.0" as its number of ones; no length where it is no mask. */
function maskLength(mask: string): string {
  const bits = mask
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? `${bits.replaceAll("0", "").length}` : "";
}

/** Of IPv4 alone: nobody writes ranges of the other kind. */
function isBetween(address: Address, first: Address | null, last: Address | null): boolean {
  if (first?.family !== 4 || last?.family !== 4 || address.family !== 4) return false;
  const [low, own, high] = [first, address, last].map(numberOf);
  return low !== undefined && own !== undefined && high !== undefined && low <= own && own <= high;
}

function numberOf({ address }: Address): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function hasPort(text: string, port: number): boolean {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (found === null) return false;
  const first = Number(found[1]);
  return first <= port && port <= Number(found[2] ?? first);
}
