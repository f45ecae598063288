// Whether the host would send packets for the guest somewhere else than to the guest's own switch.

import { type GuestView, type HostAdapter, hostAdapters } from "./adapters.ts";
import { addressOf, type Prefix, prefixAround } from "./address.ts";
import { hostLinks } from "./links.ts";
import type { GuestRelation } from "./relation.ts";
import { routeOnHost, sameAdapter } from "./routes.ts";
import type { HostSnapshot } from "./schema.ts";
import type { KnownRoute } from "./vpn.ts";

export interface StolenReplies {
  /** The adapter that the guest's packets go to instead. */
  readonly thief: HostAdapter;
  readonly route: KnownRoute;
  /** The same prefix with a lower metric, or a longer one inside it. */
  readonly how: "metric" | "prefix";
  readonly switchPrefix: string;
}

/** Null where the best route to the guest is the switch's own, or nothing decides. */
export function stolenReplies(
  snapshot: HostSnapshot,
  relation: GuestRelation | null,
  view: GuestView,
): StolenReplies | null {
  if (relation?.kind !== "nat") return null;
  const route = routeOnHost(snapshot, relation.guestAddress);
  if (!route.known || sameAdapter(route.adapter, relation.adapter)) return null;
  if (route.ties.some(({ adapter }) => sameAdapter(adapter, relation.adapter))) return null;
  const own = switchPrefix(snapshot, relation);
  const thief = hostAdapters(snapshot, view).find((one) => sameAdapter(one, route.adapter));
  const length = Number(route.prefix.split("/")[1]);
  // A shorter prefix wins only where the switch's own route is missing from the table.
  if (own === null || thief === undefined || length < own.length) return null;
  const how = length === own.length ? "metric" : "prefix";
  return { thief, route, how, switchPrefix: own.text };
}

type Nat = Extract<GuestRelation, { readonly kind: "nat" }>;

function switchPrefix(snapshot: HostSnapshot, { adapter, gateway }: Nat): Prefix | null {
  const link = hostLinks(snapshot).find((one) => sameAdapter(one, adapter));
  const own = link?.addresses.find(({ address }) => address === gateway);
  const address = addressOf(gateway);
  if (address === null || own?.prefixLength == null) return null;
  return prefixAround(address, own.prefixLength);
}
