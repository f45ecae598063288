// The path to a name server, where none answers: whether the server alone is silent, or everything on the path.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { silentServer } from "../../src/facts/dns/resolver-path.ts";
import { addressOf } from "../../src/host/address.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import {
  NEIGHBOUR_FAILURE_MS,
  type OutboundDeps,
  openOthers,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { lookUp, type RouteDeps } from "../stages/route.ts";
import { sweepTtl } from "./ttl-sweep.ts";

const DNS_PORT = 53;
const MAX_HOPS = 30;
/** Several round trips of a far server: it has been silent for longer already. */
const WAIT_MS = 500;

export function createResolverPathProbe(deps: OutboundDeps & RouteDeps): Probe {
  return async (context) => {
    const address = silentServer(context.path());
    const family = address === null ? undefined : addressOf(address)?.family;
    if (address === null || family === undefined) return;
    const [looked] = await lookUp(deps, context.path(), [{ address, family }]);
    if (looked === undefined) return;
    const { outcome: route } = looked;
    context.emit({ kind: "resolver-way", server: address, family, route });
    if (route.kind !== "route") return;
    const to = { family, address, port: UDP_PORT, zoneIndex: deps.zoneIndex(address) };
    const open = () => deps.engine.udp(to);
    await withTransport(context, "udp", open, async (udp) => {
      const { smallestBytes: sizeBytes } = udp;
      const send = createProbeSender(udp, context, { address, ...deps });
      const others = openOthers(deps, context, { address, family, port: DNS_PORT });
      const options = { maxHops: MAX_HOPS, waitMs: WAIT_MS, others: others.probers };
      const prober = { send, smallestBytes: sizeBytes };
      await sweepTtl(prober, address, null, options).finally(others.close);
      if (hasReplied(context, address)) return;
      await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], NEIGHBOUR_FAILURE_MS);
    });
  };
}

/** Whether any hop replied: then there is no failed ARP to wait for. */
function hasReplied(context: ProbeContext, address: string): boolean {
  const replies = ["time-exceeded", "unreachable"];
  return context
    .path()
    .probes.some(
      (probe) =>
        probe.address === address &&
        (replies.includes(probe.outcome.kind) || isFromTarget(probe.outcome, address)),
    );
}
