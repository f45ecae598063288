// The kernel's route to the target and its cached PMTU, before the probes and after them.

import { gatewayFor } from "../../src/facts/reach/guest-route.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { RouteOutcome } from "../../src/schema/events/guest.ts";
import { type ShownRoute, showRoutes } from "../linux/route-get.ts";
import type { Libc } from "../native/libc.ts";
import { type KernelRoute, kernelRoute } from "../native/route-socket.ts";
import type { System } from "../system.ts";

export interface RouteDeps {
  readonly libc: Libc;
  readonly system: System;
  /** The interface of --interface, whatever the routes are. */
  readonly device?: string | undefined;
  zoneIndex(address: string): number;
}

export function createRouteProbe(deps: RouteDeps, when: "before" | "after"): Probe {
  return async (context) => {
    const targets = context.path().addresses?.addresses ?? [];
    for (const { address, family, outcome } of await lookUp(deps, context.path(), targets)) {
      context.emit({ kind: "route-lookup", address, family, when, outcome });
    }
  };
}

interface RouteTarget {
  readonly address: string;
  readonly family: Family;
}

/** The kernel's routes to addresses, by all its tables where iproute2 shows them. */
export async function lookUp(
  deps: RouteDeps,
  path: Path,
  targets: readonly RouteTarget[],
): Promise<readonly (RouteTarget & { readonly outcome: RouteOutcome })[]> {
  const looked = targets.map(({ address, family }) => {
    const found = kernelRoute(deps.libc, family, address, deps.zoneIndex(address));
    return { address, family, found };
  });
  const routed = looked.flatMap(({ address, found }) => (found.kind === "route" ? [address] : []));
  const shown = await showRoutes(deps.system, routed, deps.device);
  return looked.map(({ address, family, found }) => {
    if (found.kind === "no-route") return { address, family, outcome: found };
    const outcome = describe(path, address, found, shown.get(address) ?? null);
    return { address, family, outcome };
  });
}

type Found = Extract<KernelRoute, { kind: "route" }>;

/**
 * By iproute2, which sees every table and rule; without it by the main table alone. A PMTU below the
 * link's is a cached PMTU where `ip route get` shows "expires", and not where a route was given its MTU.
 * Without iproute2 it is taken for cached, the wider reading.
 */
function describe(
  path: Path,
  address: string,
  found: Found,
  shown: ShownRoute | null,
): RouteOutcome {
  const links = path.interfaces?.interfaces ?? [];
  const owner = links.find((link) => link.addresses.some((own) => own.address === found.source));
  const route = gatewayFor(path.routes?.routes ?? [], address);
  const name = shown?.device ?? route?.interface ?? owner?.name ?? "";
  const linkMtu = links.find((link) => link.name === name)?.mtu ?? found.pathMtu;
  const isCached = found.pathMtu < linkMtu && (shown === null || shown.expires);
  return {
    kind: "route",
    source: found.source,
    interface: name,
    gateway: shown === null ? (route?.gateway ?? null) : shown.gateway,
    linkMtu,
    pathMtu: found.pathMtu,
    cachedPmtu: isCached ? found.pathMtu : null,
    ...(shown?.table == null ? {} : { table: shown.table }),
  };
}
