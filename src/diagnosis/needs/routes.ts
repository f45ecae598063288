// Needs about routes: the kernel's own, and where the host would send replies.

import { tracedRoute } from "../../facts/connection/subject.ts";
import type { Facts } from "../../facts/facts.ts";
import { guestView } from "../../facts/reach/path-host.ts";
import { firstReply } from "../../facts/reach/reach.ts";
import { isUserModeNat } from "../../facts/vantage.ts";
import { type ReplyRouteOverlap, replyRouteOverlap } from "../../host/reply-route-overlap.ts";
import { notChecked, rejected } from "../outcome.ts";
import { failure } from "./connection.ts";
import { nat, snapshot } from "./host.ts";
import { type MetOr, met } from "./met.ts";

export type Route = NonNullable<ReturnType<typeof tracedRoute>>;

/** The kernel's route to the traced address. */
export function route({ path }: Facts): MetOr<Route> {
  const found = tracedRoute(path);
  return found === null ? notChecked("there is no route to look at") : met(found);
}

export function loopbackTarget({ reach }: Facts): MetOr<true> {
  return reach.address?.startsWith("127.") === true
    ? met(true)
    : notChecked("the target is no address of 127.0.0.0/8");
}

/** TTLs and ICMP errors pass the host's NAT, so that silence of routers shows something. */
export function forwardedTtl({ path }: Facts): MetOr<true> {
  return isUserModeNat(path)
    ? notChecked("a user-mode NAT forwards neither TTL nor ICMP")
    : met(true);
}

export interface MisroutedReplies extends ReplyRouteOverlap {
  readonly evidence: readonly string[];
}

/**
 * Replies that the host sends astray: the guest hears nobody at all, though ARP works, and the
 * host's own routes explain it.
 */
export function misroutedReplies(facts: Facts): MetOr<MisroutedReplies> {
  const { path, reach, attempt } = facts;
  const taken = snapshot(facts);
  if (taken.kind !== "met") return notChecked(NO_ROUTES_OF_HOST);
  const relation = nat(facts);
  if (relation.kind !== "met") return relation;
  const family = attempt?.family ?? null;
  const overlap = replyRouteOverlap(taken.value, relation.value, guestView(path), family);
  const host = path.host === null ? [] : [path.host.id];
  if (overlap === null) return rejected("the host's route to the guest is its own switch", host);
  const failed = failure(facts);
  if (failed.kind !== "met") return failed;
  const replied = firstReply(path);
  if (replied !== undefined) return rejected("replies do reach the guest", [replied.id]);
  const neighbour = reach.refusals.find(({ own, says }) => own && says === "host");
  if (neighbour !== undefined) return rejected("the host answers not even ARP", [neighbour.id]);
  return met({ ...overlap, evidence: [...host, ...failed.value] });
}

export const NO_ROUTES_OF_HOST = "the host's routes are not observable: no snapshot";
