// The kernel's route to the target and its cached PMTU, before the probes and after them.

import { gatewayFor } from "../../src/facts/reach/guest-route.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { RouteOutcome } from "../../src/schema/events/guest.ts";
import { type ShownRoute, showRoutes } from "../linux/route-get.ts";
import type { Libc } from "../native/libc.ts";
import { askRoute } from "../native/route-query.ts";
import { type KernelRoute, kernelRoute } from "../native/route-socket.ts";
import type { System } from "../system.ts";
import { type RouteTarget, refusalOf, refusedByPort } from "./route-refusals.ts";

export interface RouteDeps {
  readonly libc: Libc;
  readonly system: System;
  /** The interface of --interface, whatever the routes are. */
  readonly device?: string | undefined;
  /** SO_MARK of what is sent, which rules may look at. */
  readonly mark?: number | undefined;
  zoneIndex(address: string): number;
}

export function createRouteProbe(deps: RouteDeps, when: "before" | "after"): Probe {
  return async (context) => {
    const targets = context.path().addresses?.addresses ?? [];
    for (const looked of await lookUp(deps, context.path(), targets)) {
      const outcome =
        when === "after" ? await afterConnect(deps, context.path(), looked) : looked.outcome;
      const { address, family } = looked;
      context.emit({ kind: "route-lookup", address, family, when, outcome });
    }
  };
}

/** The look-up, unless what became of the connection shows a rule that it did not meet. */
async function afterConnect(
  { system }: RouteDeps,
  path: Path,
  looked: RouteTarget & { readonly outcome: RouteOutcome },
): Promise<RouteOutcome> {
  return (await refusedByPort(system, path, looked)) ?? looked.outcome;
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
  const wanted = looked.flatMap(({ address, found }) =>
    found.kind === "no-route" ? [] : [address],
  );
  const asked = askMainRoutes(deps, path, wanted);
  const others = wanted.filter((address) => !asked.has(address));
  const shown = new Map([...asked, ...(await showRoutes(deps.system, others, deps))]);
  return Promise.all(
    looked.map(async ({ address, family, found }) => {
      const told = { address, family, found, shown: shown.get(address) ?? null };
      if (found.kind === "route") return { address, family, outcome: outcomeOf(path, told) };
      const { error } = found;
      const refused = await refusalOf(deps.system, path, { address, family, error });
      return { address, family, outcome: refused ?? outcomeOf(path, told) };
    }),
  );
}

/** Those that the kernel tells itself: routes of the main table by links that are known. Of the others iproute2 shows more. */
function askMainRoutes(
  { libc, device, mark }: RouteDeps,
  path: Path,
  addresses: readonly string[],
): ReadonlyMap<string, ShownRoute> {
  const links = path.interfaces?.interfaces ?? [];
  const interfaceIndex = links.find(({ name }) => name === device)?.index;
  if (device !== undefined && interfaceIndex === undefined) return new Map();
  return new Map(
    addresses.flatMap((address): readonly (readonly [string, ShownRoute])[] => {
      // A zone is an interface's name or number: left to who reads it for every program.
      if (address.includes("%")) return [];
      const route = askRoute(libc, address, { interfaceIndex, mark });
      const link = links.find(({ index }) => index === route?.interfaceIndex);
      if (route === null || link === undefined) return [];
      return [[address, { ...route, device: link.name, table: null }]];
    }),
  );
}

interface Looked extends RouteTarget {
  readonly found: KernelRoute;
  readonly shown: ShownRoute | null;
}

/** Where the sockets that would tell are refused: as iproute2 tells it, else by the main table. */
function outcomeOf(path: Path, { found, ...to }: Looked): RouteOutcome {
  if (found.kind === "no-route") return found;
  if (found.kind === "route") return describe(path, to, found);
  const source = to.shown?.source ?? sourceByTable(path, to.address);
  return source === null ? found : describe(path, to, { source, pathMtu: null });
}

/** The first address of the route's interface: which of several the kernel would take is not known. */
function sourceByTable({ routes, interfaces }: Path, address: string): string | null {
  const route = gatewayFor(routes?.routes ?? [], address);
  const link = interfaces?.interfaces.find(({ name }) => name === route?.interface);
  const own = link?.addresses.find(({ family }) => family === route?.family);
  return own?.address ?? null;
}

type Found = Pick<Extract<KernelRoute, { kind: "route" }>, "source" | "pathMtu">;

/**
 * By iproute2, which sees every table and rule; without it by the main table alone. A PMTU below the
 * link's is a cached PMTU where `ip route get` shows "expires", and not where a route was given its MTU.
 * Without iproute2 it is taken for cached, the wider reading.
 */
function describe(
  path: Path,
  { address, family, shown }: Omit<Looked, "found">,
  { source, pathMtu: told }: Found,
): RouteOutcome {
  const links = path.interfaces?.interfaces ?? [];
  const { device: name, gateway } = shown ?? withoutProgram(path, address, source);
  const link = links.find((one) => one.name === name)?.mtu ?? null;
  const pathMtu = told ?? shown?.mtu ?? link ?? ETHERNET_MTU;
  const linkMtu = link ?? pathMtu;
  const whole = Math.min(linkMtu, MAX_PACKET[family]);
  const isCached = pathMtu < whole && (shown === null || shown.expires);
  return {
    kind: "route",
    source,
    interface: name,
    gateway,
    linkMtu,
    pathMtu,
    cachedPmtu: isCached ? pathMtu : null,
    ...(told === null && shown === null ? { pathMtuRead: false } : {}),
    ...(shown?.table == null ? {} : { table: shown.table }),
  };
}

/**
 * By the source that the kernel took and the main table. To an address of its own it sends from that address, and to
 * all of 127.0.0.0/8 from one of them: by the table `local`, which comes first (RT_TABLE_LOCAL, linux/rtnetlink.h).
 */
function withoutProgram({ interfaces, routes }: Path, address: string, source: string) {
  const links = interfaces?.interfaces ?? [];
  const owner = links.find((link) => link.addresses.some((own) => own.address === source));
  if (source === address || owner?.loopback === true) {
    return { device: links.find(({ loopback }) => loopback)?.name ?? "", gateway: null };
  }
  const route = gatewayFor(routes?.routes ?? [], address);
  return { device: route?.interface ?? owner?.name ?? "", gateway: route?.gateway ?? null };
}

/** The kernel names no larger PMTU, whatever the link takes: RFC 791 s.3.1, and net/ip6_route.h, IP6_MAX_MTU. */
const MAX_PACKET: Readonly<Record<Family, number>> = { 4: 65_535, 6: 65_535 + 40 };
/** Where neither the kernel nor a file tells a link's: what most have. */
const ETHERNET_MTU = 1500;
