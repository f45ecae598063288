// Whole runs by hand, from the first event to the last.

import type { EventBody } from "../../src/schema/event.ts";
import {
  answer,
  BEHIND_NAT,
  dnsReply,
  type Guest,
  hostSnapshot,
  interfaces,
  lookup,
  RESOLVER,
  resolverConfig,
  routes,
  runEnded,
  runStarted,
  TARGET,
  targetAddresses,
  vantage,
} from "./events.ts";
import { vpnHost } from "./host.ts";
import { control, hops, reportedTooBig, size } from "./probes.ts";
import { hanging, passing, sweep } from "./tcp.ts";

export interface RunOptions {
  readonly vantage?: EventBody;
  readonly guest?: Guest;
  /** Null: no snapshot. */
  readonly host?: unknown;
  readonly names?: readonly EventBody[];
  readonly lookups?: readonly EventBody[];
  readonly tcp?: readonly EventBody[];
  readonly udp?: readonly EventBody[];
  readonly end?: EventBody | null;
}

export const RESOLVED: readonly EventBody[] = [
  resolverConfig(),
  dnsReply(RESOLVER, answer(TARGET)),
  dnsReply(RESOLVER, answer(), { type: "AAAA" }),
  targetAddresses(),
];

export const ROUTERS = [BEHIND_NAT.gateway, "203.0.113.129", "203.0.113.193"] as const;

/** A WSL2 guest behind NAT that gets its answer, without a snapshot; each part can be replaced. */
export function run(options: RunOptions = {}): readonly EventBody[] {
  const guest = options.guest ?? BEHIND_NAT;
  const { host = null, end = runEnded() } = options;
  return [
    runStarted(),
    options.vantage ?? vantage(),
    interfaces(guest),
    routes(guest),
    hostSnapshot(host, host === null ? "left out on request" : null),
    ...(options.names ?? RESOLVED),
    ...(options.lookups ?? [lookup(guest)]),
    ...(options.tcp ?? passing("t1")),
    ...(options.udp ?? [control(), ...hops(ROUTERS), size(1500, control().outcome)]),
    ...(end === null ? [] : [end]),
  ];
}

/** Sizes that a sweep probes around a limit, the neighbours included. */
export function sizesAround(limit: number): readonly number[] {
  return [576, 1280, limit, limit + 1, 1440, 1492].filter(
    (bytes, n, all) => all.indexOf(bytes) === n,
  );
}

/** Case 2: the VPN carries `limit` bytes; the host reports it outbound, nothing reports it inbound. */
export function vpnBlackhole(limit = 1400, host: unknown = vpnHost({ nlMtu: limit })) {
  return run({
    host,
    tcp: [...hanging("t1"), ...sweep(limit, sizesAround(limit))],
    udp: [
      control(),
      ...hops(ROUTERS),
      size(1500, reportedTooBig(ROUTERS[0] ?? "", limit)),
      size(limit, control().outcome),
      size(limit + 1, reportedTooBig(ROUTERS[0] ?? "", limit)),
    ],
  });
}
