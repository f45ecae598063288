// The way to a name server, where none answers: whether it is the server that is silent, or everything on the way.

import type { Family } from "../src/model/events/common.ts";
import { addressOf } from "../src/model/host/address.ts";
import { silentServer } from "../src/model/resolver-way.ts";
import { isFromTarget } from "../src/model/subject.ts";
import type { Probe, ProbeContext } from "../src/probe.ts";
import { createAsker } from "./ask.ts";
import type { Transport } from "./native/transport.ts";
import { lookUp, type RouteDeps } from "./route.ts";
import { type Prober, sweepTtl } from "./ttl-sweep.ts";
import { tryOpen, type WayOutDeps, withTransport } from "./way-out-sockets.ts";

/** Closed nearly everywhere (traceroute's first port): a server that lives says so. */
const UDP_PORT = 33434;
const DNS_PORT = 53;
const FAR_TTL = 64;
const MAX_HOPS = 30;
/** Several round trips of a far server: it has been silent for longer already. */
const WAIT_MS = 500;
/** How long failed ARP or ND takes to be told (3 tries, a second apart) with a margin. */
const NEIGHBOUR_FAILURE_MS = 3500;

export function createResolverWayProbe(deps: WayOutDeps & RouteDeps): Probe {
  return async (context) => {
    const server = silentServer(context.path());
    const family = server === null ? undefined : addressOf(server)?.family;
    if (server === null || family === undefined) return;
    const route = await lookUp(deps, context.path(), family, server);
    context.emit({ kind: "resolver-way", server, family, route });
    if (route.kind !== "route") return;
    const to = { family, address: server, zoneIndex: deps.zoneIndex(server) };
    const open = () => deps.engine.udp({ ...to, port: UDP_PORT });
    await withTransport(context, "udp", open, (udp) => follow(deps, context, to, udp));
  };
}

interface To {
  readonly family: Family;
  readonly address: string;
  readonly zoneIndex: number;
}

async function follow(
  deps: WayOutDeps,
  context: ProbeContext,
  to: To,
  udp: Transport,
): Promise<void> {
  const { address } = to;
  const opened: Transport[] = [];
  const proberOf = (transport: Transport): Prober => ({
    ask: createAsker(transport, context, { address, ...deps }),
    smallestBytes: transport.smallestBytes,
  });
  const others = () =>
    [
      tryOpen(context, "icmp", () => deps.engine.echo(to)),
      tryOpen(context, "tcp-syn", () => deps.engine.syn({ ...to, port: DNS_PORT })),
    ].flatMap((transport) => {
      if (transport === null) return [];
      opened.push(transport);
      return [proberOf(transport)];
    });
  const { ask, smallestBytes } = proberOf(udp);
  try {
    const options = { maxHops: MAX_HOPS, waitMs: WAIT_MS, others };
    await sweepTtl({ ask, smallestBytes }, address, null, options);
  } finally {
    for (const transport of opened) transport.close();
  }
  if (hasSpoken(context, address)) return;
  const control = { purpose: "control", ttl: FAR_TTL, sizeBytes: smallestBytes } as const;
  await ask([control], NEIGHBOUR_FAILURE_MS);
}

/** Anybody: then a failed ARP is not what is left to be told. */
function hasSpoken(context: ProbeContext, address: string): boolean {
  return context
    .path()
    .probes.some(
      (probe) =>
        probe.address === address &&
        (probe.outcome.kind === "time-exceeded" ||
          probe.outcome.kind === "unreachable" ||
          isFromTarget(probe.outcome, address)),
    );
}
