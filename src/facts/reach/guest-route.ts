// Which of the distro's routes a destination takes: longest prefix, then lowest metric (main table).

import ipaddr from "ipaddr.js";
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
