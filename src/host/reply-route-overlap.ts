// Whether the host would send packets for the guest somewhere else than to the guest's own switch.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type GuestView, type HostAdapter, hostAdapters } from "./adapters.ts";
import { addressOf, inPrefix, isLinkLocal, type Prefix, prefixAround } from "./address.ts";
import { hostLinks } from "./links.ts";
import type { GuestRelation } from "./relation.ts";
import { routeOnHost, sameAdapter } from "./routes.ts";
import type { KnownRoute } from "./vpn.ts";

type Nat = Extract<GuestRelation, { readonly kind: "nat" }>;

/** A network of the virtual switch with both ends of it: one for each family at most, as a rule. */
export interface SwitchNetwork {
  readonly prefix: Prefix;
  readonly host: string;
  readonly guest: string;
}

export interface ReplyRouteOverlap {
  /** The adapter that the guest's packets go to instead. */
  readonly competitor: HostAdapter;
  readonly route: KnownRoute;
  /** The same prefix with a lower metric, or a longer one inside it. */
  readonly how: "metric" | "prefix";
  readonly switchPrefix: string;
}

/** The guest's addresses that lie on the switch; link-local ones are the same on every link. */
export function switchNetworks(
  snapshot: HostSnapshot,
  { adapter }: Nat,
  view: GuestView,
): readonly SwitchNetwork[] {
  const link = hostLinks(snapshot).find((one) => sameAdapter(one, adapter));
  return (link?.addresses ?? []).flatMap(({ address: host, prefixLength }) => {
    const own = addressOf(host);
    if (own === null || isLinkLocal(own) || prefixLength === null) return [];
    const prefix = prefixAround(own, prefixLength);
    if (prefix === null) return [];
    const guest = view.addresses.find((one) => {
      const address = addressOf(one.address);
      return address !== null && one.address !== host && inPrefix(address, prefix);
    });
    return guest === undefined ? [] : [{ prefix, host, guest: guest.address }];
  });
}

/**
 * Null where the best route to the guest is the switch's own, or nothing decides.
 * @param family of the target; null: whichever overlaps
 */
export function replyRouteOverlap(
  snapshot: HostSnapshot,
  relation: Nat,
  view: GuestView,
  family: 4 | 6 | null,
): ReplyRouteOverlap | null {
  const networks = switchNetworks(snapshot, relation, view).filter(
    ({ prefix }) => family === null || prefix.family === family,
  );
  for (const network of networks) {
    const found = overlapOf(snapshot, relation, view, network);
    if (found !== null) return found;
  }
  return null;
}

function overlapOf(
  snapshot: HostSnapshot,
  relation: Nat,
  view: GuestView,
  { prefix, guest }: SwitchNetwork,
): ReplyRouteOverlap | null {
  const route = routeOnHost(snapshot, guest);
  if (!route.known || sameAdapter(route.adapter, relation.adapter)) return null;
  if (route.ties.some(({ adapter }) => sameAdapter(adapter, relation.adapter))) return null;
  const competitor = hostAdapters(snapshot, view).find((one) => sameAdapter(one, route.adapter));
  const length = Number(route.prefix.split("/")[1]);
  // A shorter prefix wins only where the switch's own route is missing from the table.
  if (competitor === undefined || length < prefix.length) return null;
  const how = length === prefix.length ? "metric" : "prefix";
  return { competitor, route, how, switchPrefix: prefix.text };
}
