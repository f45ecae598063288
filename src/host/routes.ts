// The route that Windows would choose for a packet, by the routes and metrics of a snapshot.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Address, addressOf, inPrefix, type Prefix, withZone } from "./address.ts";
import { type Host, readHost } from "./host.ts";
import { type HostLink, hostLinks, refOf, sameInterface } from "./links.ts";
import { memo } from "./memo.ts";
import type { InterfaceRef } from "./rows/interface-ref.ts";
import type { NetRouteRow } from "./rows/net-route.ts";
import { rowsOf, whyUnread } from "./sources.ts";

/** The name and index by which a result refers to an adapter. */
export interface AdapterRef {
  readonly name: string;
  readonly ifIndex: number | null;
}

/** A route that Windows could use, with the numbers it is chosen by. */
export interface UsableRoute {
  readonly adapter: AdapterRef;
  readonly prefix: Prefix;
  /** Null when the destination is on the link itself. */
  readonly nextHop: string | null;
  /** RouteMetric + interface metric; null when either is unknown. */
  readonly effectiveMetric: number | null;
}

export type HostRoute =
  | {
      readonly known: true;
      readonly adapter: AdapterRef;
      readonly nextHop: string | null;
      /** "0.0.0.0/0" and "::/0" are the default routes. */
      readonly prefix: string;
      readonly effectiveMetric: number | null;
      /** Other routes that are exactly as good; Windows documents no order among them. */
      readonly ties: readonly UsableRoute[];
      readonly because: string;
    }
  | {
      readonly known: false;
      /** "no-route": the table was read and holds none; the others: the route is unknown. */
      readonly kind: "no-route" | "not-collected" | "unreadable" | "ambiguous" | "not-an-address";
      readonly reason: string;
    };

/**
 * The route that Windows takes to an address: longest prefix, then the lowest sum of route metric and
 * interface metric (Microsoft: "An explanation of the Automatic Metric feature", Get-NetRoute). Only
 * interfaces that are not known to be down take part. A numeric zone is the host's interface index.
 */
export function routeOnHost(snapshot: HostSnapshot, address: string): HostRoute {
  const target = addressOf(address);
  if (target === null) {
    return { known: false, kind: "not-an-address", reason: `${address} is not an IP address` };
  }
  const source = readHost(snapshot).routes;
  const unread = whyUnread(source);
  if (unread !== null) {
    const kind = source.state === "error" ? "unreadable" : "not-collected";
    return { known: false, kind, reason: unread };
  }
  return choose(target, usableRoutes(snapshot));
}

/** Every route of the snapshot that is in force over an interface that is not known to be down. */
export const usableRoutes = memo(findUsableRoutes);

function findUsableRoutes(snapshot: HostSnapshot): readonly UsableRoute[] {
  const host = readHost(snapshot);
  const links = hostLinks(snapshot);
  const absent = absenceTest(host);
  const routes = rowsOf(host.routes)
    .filter((row) => row.active && !absent(row))
    .flatMap((row) => {
      const link = links.find((candidate) => sameInterface(refOf(candidate), row));
      return link !== undefined && isDown(link, row) ? [] : [usableRoute(row, link)];
    });
  return uniqueRoutes(routes);
}

/** A sentence part for people: "0.0.0.0/0 on Ethernet via 192.0.2.1 (metric 25)". */
export function describeRoute(route: UsableRoute): string {
  const hop = route.nextHop === null ? "on-link" : `via ${route.nextHop}`;
  const metric = route.effectiveMetric === null ? "unknown" : String(route.effectiveMetric);
  return `${route.prefix.text} on ${route.adapter.name} ${hop} (metric ${metric})`;
}

export function sameAdapter(a: AdapterRef, b: AdapterRef): boolean {
  return sameInterface(
    { alias: a.name, ifIndex: a.ifIndex },
    { alias: b.name, ifIndex: b.ifIndex },
  );
}

function choose(target: Address, routes: readonly UsableRoute[]): HostRoute {
  const matching = routes.filter(
    (route) => inPrefix(target, route.prefix) && zoneAllows(target, route.adapter),
  );
  const longest = Math.max(...matching.map((route) => route.prefix.length));
  const candidates = matching.filter((route) => route.prefix.length === longest);
  const [only] = candidates;
  if (only === undefined) {
    const reason = `no usable route of the snapshot covers ${withZone(target)}`;
    return { known: false, kind: "no-route", reason };
  }
  const undecided = candidates.some((route) => route.effectiveMetric === null);
  if (undecided && candidates.some((route) => !sameAdapter(route.adapter, only.adapter))) {
    const names = candidates.map(describeRoute).join("; ");
    const reason = `a metric is missing, so nothing decides between ${names}`;
    return { known: false, kind: "ambiguous", reason };
  }
  const best = Math.min(...candidates.map((route) => route.effectiveMetric ?? 0));
  const [chosen = only, ...ties] = candidates.filter(
    (route) => undecided || route.effectiveMetric === best,
  );
  const others = matching.filter((route) => route !== chosen && !ties.includes(route));
  return {
    known: true,
    adapter: chosen.adapter,
    nextHop: chosen.nextHop,
    prefix: chosen.prefix.text,
    effectiveMetric: chosen.effectiveMetric,
    ties,
    because: explain(chosen, ties, others),
  };
}

function explain(
  chosen: UsableRoute,
  ties: readonly UsableRoute[],
  others: readonly UsableRoute[],
): string {
  if (ties.length > 0) {
    return `${describeRoute(chosen)} is as good as ${ties.map(describeRoute).join("; ")}`;
  }
  const rival = others
    .filter((route) => route.prefix.length === chosen.prefix.length)
    .sort((a, b) => (a.effectiveMetric ?? 0) - (b.effectiveMetric ?? 0))[0];
  if (rival !== undefined) {
    return `${describeRoute(chosen)} has a lower metric than ${describeRoute(rival)}`;
  }
  const shorter = [...others].sort((a, b) => b.prefix.length - a.prefix.length)[0];
  return shorter === undefined
    ? `${describeRoute(chosen)} is the only route that covers it`
    : `${describeRoute(chosen)} is more specific than ${describeRoute(shorter)}`;
}

function usableRoute(row: NetRouteRow, link: HostLink | undefined): UsableRoute {
  const interfaceMetric = row.interfaceMetric ?? link?.metric[row.prefix.family] ?? null;
  const known = row.routeMetric !== null && interfaceMetric !== null;
  return {
    adapter: {
      name: link?.name ?? row.alias ?? `interface ${row.ifIndex}`,
      ifIndex: row.ifIndex ?? link?.ifIndex ?? null,
    },
    prefix: row.prefix,
    nextHop: row.nextHop,
    effectiveMetric: known ? row.routeMetric + interfaceMetric : null,
  };
}

function isDown(link: HostLink, row: NetRouteRow): boolean {
  return link.up === false || link.connected[row.prefix.family] === false;
}

/**
 * Whether a route's interface is gone: no source that lists interfaces has it, though they list
 * several others. That is what a VPN leaves behind.
 */
function absenceTest(host: Host): (row: InterfaceRef) => boolean {
  const interfaces = rowsOf(host.ipInterfaces);
  const present = [...interfaces, ...rowsOf(host.adapters), ...rowsOf(host.ipAddresses)];
  const isFullList = interfaces.some(
    (row) => interfaces[0] !== undefined && !sameInterface(row, interfaces[0]),
  );
  return (row) => isFullList && !present.some((known) => sameInterface(known, row));
}

function uniqueRoutes(routes: readonly UsableRoute[]): readonly UsableRoute[] {
  const byKey = new Map<string, UsableRoute>();
  for (const route of routes) {
    const key = `${route.adapter.ifIndex ?? route.adapter.name}|${route.prefix.text}|${route.nextHop}`;
    const known = byKey.get(key);
    if (known === undefined || isBetter(route, known)) byKey.set(key, route);
  }
  return [...byKey.values()];
}

function isBetter(a: UsableRoute, b: UsableRoute): boolean {
  if (a.effectiveMetric === null) return false;
  return b.effectiveMetric === null || a.effectiveMetric < b.effectiveMetric;
}

function zoneAllows(target: Address, adapter: AdapterRef): boolean {
  if (target.zone === null || !/^\d+$/.test(target.zone)) return true;
  return adapter.ifIndex === null || adapter.ifIndex === Number(target.zone);
}
