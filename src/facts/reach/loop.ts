// Whether the hops go round: the same routers again and again until the TTL is used up.

import type { HopReply } from "../../model/hop.ts";
import type { ReachFacts } from "./reach.ts";

export interface Loop {
  /** The routers of one turn, in their order; those that are silent are left out. */
  readonly routers: readonly string[];
  readonly fromTtl: number;
  readonly toTtl: number;
  readonly evidence: readonly string[];
}

/** One turn more than a path that merely differs from packet to packet could show. */
const TURNS = 3;
const MAX_PERIOD = 8;

/**
 * Addresses that come back every `period` hops up to the last one that answered, a router of them at
 * least three times. Period 1 is none: a NAT that puts its own address into every answer looks so,
 * and so does a router that passes packets on whose TTL is used up. Silent hops fit anything, as
 * each router of a loop answers only as often as its limit lets it.
 */
export function loopOf({ routers, alive, connect }: ReachFacts): Loop | null {
  if (alive !== null || connect === "passed") return null;
  const protocols = [...new Set(routers.map(({ protocol }) => protocol))];
  for (const protocol of protocols) {
    const found = loopIn(routers.filter((router) => router.protocol === protocol));
    if (found !== null) return found;
  }
  return null;
}

function loopIn(routers: readonly HopReply[]): Loop | null {
  const byTtl = new Map(routers.map((router) => [router.ttl, router]));
  const last = Math.max(0, ...byTtl.keys());
  for (let period = 2; period <= MAX_PERIOD; period += 1) {
    const start = firstOfTurns(byTtl, last, period);
    const inTurns = [...byTtl.values()].filter(({ ttl }) => ttl >= start);
    const times = (name: string) => inTurns.filter(({ from }) => from === name).length;
    // What was seen once stands before the loop, where a silent router of it leaves room.
    const round = inTurns.filter(({ from }) => times(from) > 1);
    const first = Math.min(...round.map(({ ttl }) => ttl));
    const names = [...new Set(round.map(({ from }) => from))];
    const often = names.some((name) => times(name) >= TURNS);
    if (!often || last - first + 1 < period * (TURNS - 1) + 1) continue;
    const evidence = round.map(({ id }) => id);
    return { routers: names, fromTtl: first, toTtl: last, evidence };
  }
  return null;
}

/** The smallest TTL from which on everything repeats with that period. */
function firstOfTurns(byTtl: ReadonlyMap<number, HopReply>, last: number, period: number): number {
  const from = (ttl: number) => byTtl.get(ttl)?.from ?? null;
  let first = last + 1;
  const members = new Map<number, string>();
  for (let ttl = last; ttl >= 1; ttl -= 1) {
    const here = from(ttl);
    const known = members.get(ttl % period);
    const others = [...members].filter(([phase]) => phase !== ttl % period);
    const repeats = here === null || known === undefined || known === here;
    if (!repeats || (here !== null && others.some(([, name]) => name === here))) break;
    if (here !== null) {
      members.set(ttl % period, here);
      first = ttl;
    }
  }
  return first;
}
