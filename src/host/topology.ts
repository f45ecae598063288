// Finds a VPN adapter by the routes alone, for clients that pose as an Ethernet card.

import {
  addressOf,
  bitsOf,
  type Family,
  inPrefix,
  isGroup,
  isHostPrefix,
  prefixAround,
} from "./address.ts";
import { type HostLink, REPORTED_VIRTUAL } from "./links.ts";
import { type AdapterRef, describeRoute, sameAdapter, type UsableRoute } from "./routes.ts";
import { hardwareMark, vpnMark } from "./vpn-signatures.ts";

const FAMILIES: readonly Family[] = [4, 6];
// What has to be routed for a family to be routed whole: all of IPv4, the global unicast 2000::/3 of
// IPv6 (RFC 4291 s.2.4), as bits.
const WHOLE: Readonly<Record<Family, readonly string[]>> = { 4: ["0", "1"], 6: ["001"] };
// Finer prefixes than this are lists of networks, not a replacement of the default route.
const MAX_CUT_BITS = 8;

// What every Ethernet carries; a smaller IPv4 MTU means that something is wrapped around the packets.
const ETHERNET_MTU = 1500;

/**
 * Why this adapter is a VPN by its routes; null when it is not. An up adapter that carries
 * everything of a family, by
 * 1. prefixes that make up the whole address space, such as its two halves (how a client overrides
 *    the default route without removing it), or
 * 2. the best default route, while a host route goes to one outer address through another adapter's
 *    gateway (the route of the tunnel's own packets); that adapter has no VPN signature, and
 *    has a default route too or this one is odd for Ethernet, or
 * 3. the best default route, on-link or through its own prefix, while a second default route remains
 *    on another adapter, and something besides marks it as no plain Ethernet card.
 * A device that is hardware for sure is none.
 */
export function vpnTopology(
  link: HostLink,
  links: readonly HostLink[],
  routes: readonly UsableRoute[],
): string | null {
  if (link.up === false || hardwareMark(link) !== null) return null;
  for (const family of FAMILIES) {
    const found = carriesWhole(link, routes, family) ?? carriesDefault(link, links, routes, family);
    if (found !== null) return found;
  }
  return null;
}

/** The default routes of a family, best first; routes without a known metric come last. */
export function defaultRoutes(
  routes: readonly UsableRoute[],
  family: Family,
): readonly UsableRoute[] {
  return routes
    .filter((route) => route.prefix.family === family && route.prefix.length === 0)
    .sort((a, b) => (metric(a) === metric(b) ? 0 : metric(a) - metric(b)));
}

/**
 * The prefixes by which an adapter carries a whole family without a route that is named a default
 * (0.0.0.0/1 and 128.0.0.0/1, or finer cuts); empty when it does not.
 */
export function wholeCover(
  adapter: AdapterRef,
  routes: readonly UsableRoute[],
  family: Family,
): readonly string[] {
  const own = routes.filter(
    ({ adapter: other, prefix }) =>
      prefix.family === family &&
      prefix.length > 0 &&
      prefix.length <= MAX_CUT_BITS &&
      sameAdapter(other, adapter),
  );
  const routed = new Set(own.map(({ prefix }) => bitsOf(prefix)));
  const holds = (bits: string): boolean =>
    [...bits].some((_, i) => routed.has(bits.slice(0, i + 1))) ||
    (bits.length < MAX_CUT_BITS && holds(`${bits}0`) && holds(`${bits}1`));
  return WHOLE[family].every(holds) ? own.map(({ prefix }) => prefix.text) : [];
}

/**
 * Host routes to a single outside address, through a gateway on another adapter: what a VPN client
 * adds so that its own packets do not enter the tunnel.
 */
export function outerHostRoutes(
  adapter: AdapterRef,
  routes: readonly UsableRoute[],
): readonly UsableRoute[] {
  return routes.filter((route) => {
    const target = addressOf(route.prefix.network);
    if (target === null || isGroup(target) || !isHostPrefix(route.prefix)) return false;
    return route.nextHop !== null && !sameAdapter(route.adapter, adapter);
  });
}

const SHOWN_PREFIXES = 4;

function carriesWhole(
  link: HostLink,
  routes: readonly UsableRoute[],
  family: Family,
): string | null {
  const cover = wholeCover(link, routes, family);
  if (cover.length === 0) return null;
  const more = cover.length > SHOWN_PREFIXES ? ", ..." : "";
  const shown = cover.slice(0, SHOWN_PREFIXES).join(", ");
  return `it carries ${shown}${more}, which together beat the default route`;
}

function carriesDefault(
  link: HostLink,
  links: readonly HostLink[],
  routes: readonly UsableRoute[],
  family: Family,
): string | null {
  const [best, ...others] = defaultRoutes(routes, family);
  if (best === undefined || !sameAdapter(best.adapter, link)) return null;
  const rivals = others.filter((route) => !sameAdapter(route.adapter, link));
  if (rivals.some((route) => metric(route) <= metric(best))) return null;
  const linkOf = (ref: AdapterRef) => links.find((other) => sameAdapter(other, ref));
  const outer = outerHostRoutes(link, routes).find(({ adapter }) => {
    const other = linkOf(adapter);
    if (other === undefined || vpnMark(other) !== null) return false;
    const hasDefault = rivals.some((route) => sameAdapter(route.adapter, adapter));
    return hasDefault || oddForEthernet(best, link, other) !== null;
  });
  if (outer !== undefined) {
    return `it carries the default route while ${describeRoute(outer)} leads around it`;
  }
  const second = rivals[0];
  if (second === undefined || !isInsideOwnPrefix(best, link)) return null;
  const besides = oddForEthernet(best, link, linkOf(second.adapter));
  return besides === null
    ? null
    : `it carries the best default route beside ${describeRoute(second)}, and ${besides}`;
}

function isInsideOwnPrefix(route: UsableRoute, link: HostLink): boolean {
  const hop = addressOf(route.nextHop ?? "");
  if (hop === null) return true;
  return link.addresses.some(({ address, prefixLength }) => {
    const own = addressOf(address);
    const prefix = own === null || prefixLength === null ? null : prefixAround(own, prefixLength);
    return prefix !== null && inPrefix(hop, prefix);
  });
}

function oddForEthernet(
  best: UsableRoute,
  link: HostLink,
  other: HostLink | undefined,
): string | null {
  if (best.nextHop === null) return "that route is on-link, which no router's network is";
  if (link.virtual === true || link.hardware === false) return REPORTED_VIRTUAL;
  if (/virtual|tunnel|\btun\b|\btap\b/i.test(link.description ?? "")) {
    return `its description is "${link.description}"`;
  }
  const [own, its] = [link.mtu[4], other?.mtu[4] ?? null];
  return own !== null && its !== null && own < its && own < ETHERNET_MTU
    ? `its IPv4 MTU ${own} is below the ${its} of ${other?.name}`
    : null;
}

function metric(route: UsableRoute): number {
  return route.effectiveMetric ?? Number.POSITIVE_INFINITY;
}
