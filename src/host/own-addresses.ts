// The host's own addresses, from Get-NetIPAddress or, where that is missing, from the routes.

import { addressOf, bitsOf, inPrefix, isGroup, isHostPrefix, type Prefix } from "./address.ts";
import type { Host } from "./host.ts";
import type { InterfaceRef } from "./rows/interface-ref.ts";
import type { NetIpAddressRow } from "./rows/net-ip-address.ts";
import type { NetRouteRow } from "./rows/net-route.ts";
import { rowsOf } from "./sources.ts";

/**
 * The rows of Get-NetIPAddress, with a missing prefix length filled in from the on-link route that
 * holds the address. When that source was not read: Windows keeps an on-link route to every address
 * of its own (192.0.2.20/32) inside the on-link route of its network (192.0.2.0/24).
 */
export function ownAddresses({ ipAddresses, routes }: Host): readonly NetIpAddressRow[] {
  const onLink = rowsOf(routes).filter((row) => row.active && row.nextHop === null);
  return ipAddresses.state === "rows"
    ? ipAddresses.rows.map((row) => ({
        ...row,
        prefixLength: row.prefixLength ?? lengthFor(row, onLink),
      }))
    : onLink.flatMap((row) => addressOfRoute(row, onLink));
}

function lengthFor(row: NetIpAddressRow, onLink: readonly NetRouteRow[]): number | null {
  return networkOf(row, row.address, onLink)?.length ?? null;
}

function addressOfRoute(
  row: NetRouteRow,
  onLink: readonly NetRouteRow[],
): readonly NetIpAddressRow[] {
  const address = addressOf(row.prefix.network);
  if (address === null || isGroup(address) || !isHostPrefix(row.prefix)) return [];
  const network = networkOf(row, address.address, onLink);
  if (network === null || isBroadcast(row.prefix, network)) return [];
  const { alias, ifIndex } = row;
  const { family } = address;
  const prefixLength = network.length;
  return [{ alias, ifIndex, address: address.address, family, prefixLength, usable: true }];
}

/** The longest on-link network of the same interface around an address; never a default route. */
function networkOf(ref: InterfaceRef, text: string, onLink: readonly NetRouteRow[]): Prefix | null {
  const address = addressOf(text);
  if (address === null) return null;
  const around = onLink
    .filter(
      (row) => row.ifIndex === ref.ifIndex && (ref.ifIndex !== null || row.alias === ref.alias),
    )
    .map((row) => row.prefix)
    .filter((prefix) => prefix.length > 0 && !isHostPrefix(prefix) && inPrefix(address, prefix))
    .sort((a, b) => b.length - a.length);
  return around[0] ?? null;
}

/** The last address of an IPv4 network, to which Windows keeps an on-link route too. */
function isBroadcast(single: Prefix, network: Prefix): boolean {
  return network.family === 4 && !bitsOf(single).slice(network.length).includes("0");
}
