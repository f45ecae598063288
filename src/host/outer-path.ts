// Which adapter carries a VPN's own packets, from its profile or from the routes around it.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { addressOf, type Family } from "./address.ts";
import { hostLinks } from "./links.ts";
import { hostResolved } from "./look-ups.ts";
import {
  type AdapterRef,
  describeRoute,
  routeOnHost,
  sameAdapter,
  type UsableRoute,
  usableRoutes,
} from "./routes.ts";
import { defaultRoutes, outerHostRoutes } from "./topology.ts";
import { vpnMark } from "./vpn-signatures.ts";

export type OuterPath =
  | {
      readonly known: true;
      readonly adapter: AdapterRef;
      /** The VPN server's address, null when only the route to it is known. */
      readonly serverAddress: string | null;
      /** The router that the tunnel's packets go to first; null when the server is on the link. */
      readonly nextHop: string | null;
      readonly because: string;
    }
  | { readonly known: false; readonly reason: string };

/**
 * The outer path of the VPN on that adapter, by the first of these that is known: the server
 * address of its Get-VpnConnection profile, a host route around the tunnel, the default route that
 * remains on another adapter.
 */
export function outerPath(snapshot: HostSnapshot, vpn: AdapterRef, family: Family): OuterPath {
  return (
    byProfile(snapshot, vpn) ??
    byHostRoute(snapshot, vpn) ??
    byDefaultRoute(snapshot, vpn, family) ?? {
      known: false,
      reason: `no profile, host route or other default route shows where ${vpn.name} sends its own packets`,
    }
  );
}

function byProfile(snapshot: HostSnapshot, vpn: AdapterRef): OuterPath | null {
  const profile = hostLinks(snapshot).find((link) => sameAdapter(link, vpn))?.vpnConnection;
  const server = profile?.server ?? null;
  if (server === null) return null;
  for (const address of serverAddresses(snapshot, server)) {
    const route = routeOnHost(snapshot, address);
    if (route.known && !sameAdapter(route.adapter, vpn)) {
      return {
        known: true,
        adapter: route.adapter,
        serverAddress: address,
        nextHop: route.nextHop,
        because: `Get-VpnConnection names the server ${server}: ${route.because}`,
      };
    }
  }
  return null;
}

function serverAddresses(snapshot: HostSnapshot, server: string): readonly string[] {
  const literal = addressOf(server);
  if (literal !== null) return [literal.address];
  const resolved = hostResolved(snapshot, server);
  return resolved.known ? resolved.addresses : [];
}

function byHostRoute(snapshot: HostSnapshot, vpn: AdapterRef): OuterPath | null {
  const routes = usableRoutes(snapshot);
  const vpns = hostLinks(snapshot).filter((link) => vpnMark(link) !== null);
  const around = outerHostRoutes(vpn, routes).filter(
    ({ adapter }) => !vpns.some((other) => sameAdapter(other, adapter)),
  );
  const [first] = around;
  if (first === undefined) return null;
  if (around.some((route) => !sameAdapter(route.adapter, first.adapter))) {
    const list = around.map(describeRoute).join("; ");
    return { known: false, reason: `several host routes lead around ${vpn.name}: ${list}` };
  }
  // Beside a second VPN, or a second such route, the address may be that of something else.
  const single =
    around.every((route) => route.prefix.text === first.prefix.text) &&
    !vpns.some((other) => other.up !== false && !sameAdapter(other, vpn));
  return {
    known: true,
    adapter: first.adapter,
    serverAddress: single ? first.prefix.network : null,
    nextHop: first.nextHop,
    because: `${describeRoute(first)} leads around ${vpn.name}`,
  };
}

function byDefaultRoute(snapshot: HostSnapshot, vpn: AdapterRef, family: Family): OuterPath | null {
  const otherFamily: Family = family === 4 ? 6 : 4;
  const routes = usableRoutes(snapshot);
  const remaining = [...defaultRoutes(routes, family), ...defaultRoutes(routes, otherFamily)];
  const route: UsableRoute | undefined = remaining.find(
    ({ adapter }) => !sameAdapter(adapter, vpn),
  );
  if (route === undefined) return null;
  return {
    known: true,
    adapter: route.adapter,
    serverAddress: null,
    nextHop: route.nextHop,
    because: `${describeRoute(route)} is the default route beside ${vpn.name}`,
  };
}
