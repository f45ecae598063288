// Which of the distro's routes a destination takes: longest prefix, then lowest metric (main table).

import ipaddr from "ipaddr.js";
import { addressOf, inPrefix, isLoopback, prefixAround } from "../../host/address.ts";
import type { Path } from "../../model/path.ts";
import type { GuestRoute } from "../../schema/events/guest.ts";

/** Undefined when no route holds the address. Policy rules and other tables are not seen here. */
export function gatewayFor(routes: readonly GuestRoute[], address: string): GuestRoute | undefined {
  const plain = address.replace(/%.*$/, "");
  if (!ipaddr.isValid(plain)) return undefined;
  const parsed = ipaddr.parse(plain);
  const matching = routes.filter((route) => {
    if (!ipaddr.isValidCIDR(route.prefix)) return false;
    const [network, length] = ipaddr.parseCIDR(route.prefix);
    if (parsed.kind() !== network.kind()) return false;
    return parsed.match([network, length]);
  });
  return matching.sort((a, b) => prefixLength(b) - prefixLength(a) || a.metric - b.metric)[0];
}

function prefixLength(route: GuestRoute): number {
  return Number(route.prefix.split("/")[1]);
}

/** Whether no gateway leads to an address. WSL's DNS tunnel has an address of its own on lo; a gateway's proxy is on the gateway's link. */
export function isOnLink({ interfaces }: Path, server: string): boolean {
  const address = addressOf(server);
  if (address === null || isLoopback(address)) return true;
  return (interfaces?.interfaces ?? []).some((link) =>
    link.addresses.some((one) => {
      const own = addressOf(one.address);
      const prefix = own === null ? null : prefixAround(own, one.prefixLength);
      return prefix !== null && inPrefix(address, prefix);
    }),
  );
}
