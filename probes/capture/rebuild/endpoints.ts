// Where this machine sent from, as far as the events of a run say.

import { addressOf, inPrefix, prefixOf } from "../../../src/host/address.ts";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import type { Family } from "../../../src/schema/events/common.ts";
import { familyOf } from "../../native/sockaddr.ts";

export interface LocalEnd {
  readonly family: Family;
  readonly source: string;
  readonly interface: string;
  /** Of the link; null where no route said. */
  readonly mtu: number | null;
}

/** Undefined for what is no address. */
export type Endpoints = (address: string) => LocalEnd | undefined;

const UNKNOWN = { 4: "0.0.0.0", 6: "::" } as const;

export function endpointsOf(events: readonly ProbeEvent[]): Endpoints {
  const routes = new Map<string, LocalEnd>();
  for (const event of events) {
    const looked =
      event.kind === "route-lookup" ? { address: event.address, outcome: event.outcome } : null;
    const resolver =
      event.kind === "resolver-way" ? { address: event.server, outcome: event.route } : null;
    const { address, outcome } = looked ?? resolver ?? {};
    const family = address === undefined ? undefined : familyOf(address);
    if (address === undefined || outcome?.kind !== "route" || family === undefined) continue;
    const { source, interface: name, linkMtu: mtu } = outcome;
    routes.set(address, { family, source, interface: name, mtu });
  }
  const routed = byTable(events);
  return (address) => {
    const family = familyOf(address);
    if (family === undefined) return undefined;
    if (isLoopback(address)) return { family, source: address, interface: "lo", mtu: null };
    return (
      routes.get(address) ??
      routed(address, family) ?? { family, source: UNKNOWN[family], interface: "any", mtu: null }
    );
  };
}

/** By the main table's longest prefix, and the first address of its interface. */
function byTable(
  events: readonly ProbeEvent[],
): (address: string, family: Family) => LocalEnd | undefined {
  const interfaces = events.flatMap((event) =>
    event.kind === "interfaces" ? event.interfaces : [],
  );
  const routes = events
    .flatMap((event) => (event.kind === "routes" ? event.routes : []))
    .flatMap((route) => {
      const prefix = prefixOf(route.prefix);
      return prefix === null ? [] : [{ ...route, prefix }];
    })
    .sort((a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric);
  return (address, family) => {
    const to = addressOf(address);
    const route = routes.find(({ prefix }) => to !== null && inPrefix(to, prefix));
    const own = interfaces.find(({ name }) => name === route?.interface);
    const source = own?.addresses.find((one) => one.family === family)?.address;
    if (own === undefined || source === undefined) return undefined;
    return { family, source, interface: own.name, mtu: own.mtu };
  };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
