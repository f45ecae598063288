// Needs about routes: the kernel's own, and where the host would send replies.

import { tracedRoute } from "../../facts/connection/subject.ts";
import type { Facts } from "../../facts/facts.ts";
import { guestView } from "../../facts/reach/path-host.ts";
import { firstReply } from "../../facts/reach/reach.ts";
import { isUserModeNat } from "../../facts/vantage.ts";
import { type ReplyRouteOverlap, replyRouteOverlap } from "../../host/reply-route-overlap.ts";
import { notChecked, rejected } from "../outcome.ts";
import { sayNeed } from "../words.ts";
import { failure } from "./connection.ts";
import { nat, snapshot } from "./host.ts";
import { met } from "./met.ts";

/** The kernel's route to the traced address. */
export function route({ path }: Facts) {
  const found = tracedRoute(path);
  return found === null ? notChecked(sayNeed("noRoute")) : met(found);
}

export function loopbackTarget({ reach }: Facts) {
  return reach.address?.startsWith("127.") === true
    ? met(true)
    : notChecked(sayNeed("notLoopback"));
}

/** TTLs and ICMP errors pass the host's NAT, so that silence of routers shows something. */
export function forwardedTtl({ path }: Facts) {
  return isUserModeNat(path) ? notChecked(sayNeed("userModeNat")) : met(true);
}

interface MisroutedReplies extends ReplyRouteOverlap {
  readonly evidence: readonly string[];
}

/**
 * Replies that the host sends astray: the guest hears nobody at all, though ARP works, and the
 * host's own routes explain it.
 */
export function misroutedReplies(facts: Facts) {
  const { path, reach, attempt } = facts;
  const taken = snapshot(facts);
  if (taken.kind !== "met") return notChecked(sayNeed("noRoutesOfHost"));
  const relation = nat(facts);
  if (relation.kind !== "met") return relation;
  const family = attempt?.family ?? null;
  const overlap = replyRouteOverlap(taken.value, relation.value, guestView(path), family);
  const host = path.host === null ? [] : [path.host.id];
  if (overlap === null) return rejected(sayNeed("ownSwitch"), host);
  const failed = failure(facts);
  if (failed.kind !== "met") return failed;
  const replied = firstReply(path);
  if (replied !== undefined) return rejected(sayNeed("repliesArrive"), [replied.id]);
  const neighbour = reach.refusals.find(({ own, says }) => own && says === "host");
  if (neighbour !== undefined) return rejected(sayNeed("noArp"), [neighbour.id]);
  const misrouted: MisroutedReplies = { ...overlap, evidence: [...host, ...failed.value] };
  return met(misrouted);
}
