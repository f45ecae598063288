// The path to a name server, where none answers: whether the server alone is silent, or everything on the path.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { silentServer } from "../../src/facts/dns/resolver-path.ts";
import { addressOf } from "../../src/host/address.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import {
  NEIGHBOUR_FAILURE_MS,
  type OutboundDeps,
  openOthers,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";
import { askGateway } from "../stages/control-probes.ts";
import { lookUp, type RouteDeps } from "../stages/route.ts";
import { sweepTtl } from "./ttl-sweep.ts";

const DNS_PORT = 53;
const MAX_HOPS = 30;
/** Several round trips of a far server: it has been silent for longer already. */
const WAIT_MS = 500;
/** Between two looks whether a name server has answered after all. */
const ANSWER_POLL_MS = 20;

/** Ends with the first answer of a name server: the path to it then needs no look. */
export function createResolverPathProbe(deps: OutboundDeps & RouteDeps): Probe {
  return async (context) => {
    const answered = new AbortController();
    const early = untilAnswered(context, answered);
    // What an answer has cut short shows nothing.
    const emit = (body: EventBody) =>
      answered.signal.aborted ? { id: "", atMs: 0, ...body } : context.emit(body);
    const signal = AbortSignal.any([context.signal, answered.signal]);
    await followResolverPath(deps, { ...context, emit, signal }).finally(() => answered.abort());
    await early;
  };
}

async function untilAnswered(
  { path, clock }: ProbeContext,
  answered: AbortController,
): Promise<void> {
  while (!answered.signal.aborted) {
    if (path().addresses !== null) answered.abort();
    else await clock.sleep(ANSWER_POLL_MS);
  }
}

async function followResolverPath(
  deps: OutboundDeps & RouteDeps,
  context: ProbeContext,
): Promise<void> {
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
    const { gateway, interface: device } = route;
    if (gateway === null || hasReplied(context, address)) return;
    await askGateway(deps, context, { gateway, interface: device });
  });
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
