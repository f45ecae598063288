// Next hops of the route to the target, where it has several, and what was heard of each.

import { addressOf, inPrefix, prefixOf } from "../../host/address.ts";
import type { StageResult } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { MultipathRoutes } from "../../schema/events/guest.ts";
import type { ControlProbe } from "../../schema/events/host-probe.ts";
import { tracedAddress, tracedRoute } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { ownAddresses } from "./reach.ts";

export type NextHop = MultipathRoutes["routes"][number]["hops"][number];

interface Multipath {
  readonly id: string;
  readonly prefix: string;
  readonly family: 4 | 6;
  /** Those that the kernel uses. */
  readonly hops: readonly NextHop[];
}

/** Null where the route that packets to the target take has one next hop. */
export function multipathOf(path: Path): Multipath | null {
  const target = addressOf(tracedAddress(path) ?? "");
  const route = tracedRoute(path);
  if (target === null || route === null || path.multipath === null || route.table !== undefined) {
    return null;
  }
  const holding = path.multipath.routes.flatMap((one) => {
    const prefix = prefixOf(one.prefix);
    return prefix !== null && inPrefix(target, prefix) ? [{ ...one, length: prefix.length }] : [];
  });
  const [best] = holding.sort((a, b) => b.length - a.length);
  if (best === undefined || !best.hops.some(({ gateway }) => gateway === route.gateway))
    return null;
  const hops = best.hops.filter(({ dead }) => !dead);
  return { id: path.multipath.id, prefix: best.prefix, family: best.family, hops };
}

export interface DeadNextHops {
  readonly prefix: string;
  readonly family: 4 | 6;
  readonly dead: readonly NextHop[];
  readonly others: readonly NextHop[];
  readonly evidence: readonly string[];
  /** Packets of this run were lost to them, as far as it shows: connections and probes that got no answer. */
  readonly felt: readonly string[];
}

/** Next hops that do not answer ARP or neighbour discovery; null where the route has one next hop, or all answer. */
export const deadNextHops = perPath("deadNextHops", computeDeadNextHops);

function computeDeadNextHops(path: Path): DeadNextHops | null {
  const route = multipathOf(path);
  if (route === null) return null;
  const own = ownAddresses(path);
  const failed = path.controls.filter(
    (probe) => probe.about === "next-hop" && isOwnError(probe, own),
  );
  const isDead = ({ gateway }: NextHop) => failed.some(({ address }) => address === gateway);
  const dead = route.hops.filter(isDead);
  if (dead.length === 0) return null;
  // A SYN waits for the neighbour's address longer than a probe is waited for.
  const felt = [
    ...path.probes.filter((probe) => isOwnError(probe, own)),
    ...path.flowProbes.filter(
      (probe) => probe.outcome.kind === "no-reply" || isOwnError(probe, own),
    ),
    ...path.attempts.flatMap(({ stages }) => stages.filter(isLostConnect)),
  ];
  return {
    prefix: route.prefix,
    family: route.family,
    dead,
    others: route.hops.filter((hop) => !isDead(hop)),
    evidence: [route.id, ...failed.map(({ id }) => id)],
    felt: felt.map(({ id }) => id),
  };
}

function isLostConnect({ stage, result, info }: StageResult): boolean {
  if (stage !== "connect") return false;
  const failed = result.kind === "failed" && result.code === "EHOSTUNREACH";
  return failed || result.kind === "no-reply" || (info?.totalRetrans ?? 0) > 0;
}

/** This machine's own "host unreachable": nobody answered for the next hop's address. */
function isOwnError(
  { outcome }: Pick<Seen<ControlProbe>, "outcome">,
  own: ReadonlySet<string>,
): boolean {
  if (outcome.kind === "send-failed") return outcome.error === "EHOSTUNREACH";
  return outcome.kind === "unreachable" && own.has(outcome.from);
}
