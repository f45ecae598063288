// Where the target gives no answer: whether the gateway does, and a VPN's outer endpoint, which lies around the tunnel.

import { defaultAttempt, isConnected, tracedAddress } from "../../src/facts/connection/subject.ts";
import { guestPath } from "../../src/facts/reach/guest-path.ts";
import { endpointOf } from "../../src/facts/reach/host-path.ts";
import { multipathOf } from "../../src/facts/reach/multipath.ts";
import { guestView } from "../../src/facts/reach/path-host.ts";
import { addressOf } from "../../src/host/address.ts";
import { vpnOnPath } from "../../src/host/vpn.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { ControlProbe } from "../../src/schema/events/host-probe.ts";
import {
  NEIGHBOUR_FAILURE_MS,
  type OutboundDeps,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { createProbeSender, FAR_TTL } from "../probe-sender.ts";

/** Several round trips of a far address, within what a user waits for. */
const WAIT_MS = 1000;
/** What VPNs over TLS listen on. */
const TLS_PORT = 443;

export function createControlsProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const path = context.path();
    if (context.signal.aborted || defaultAttempt(path) === undefined) return;
    await Promise.all([sendToNextHops(deps, context), sendToSilent(deps, context)]);
  };
}

/** Each of several next hops, which share the connections between them: whether it is there at all. */
async function sendToNextHops(deps: OutboundDeps, context: ProbeContext): Promise<void> {
  const gateways = (multipathOf(context.path())?.hops ?? []).flatMap(
    ({ gateway }) => gateway ?? [],
  );
  const emit = (body: EventBody) =>
    context.emit(
      body.kind === "probe" ? { ...body, kind: "control-probe", about: "next-hop" } : body,
    );
  await Promise.all(
    gateways.map((address) => {
      const to = { ...destination(deps, address), port: UDP_PORT };
      const one = { address, waitMs: NEIGHBOUR_FAILURE_MS, name: "next-hop" };
      return sendOne(deps, { ...context, emit }, { ...one, open: () => deps.engine.udp(to) });
    }),
  );
}

async function sendToSilent(deps: OutboundDeps, context: ProbeContext): Promise<void> {
  const path = context.path();
  if (isConnected(path)) return;
  const { gateway, near } = guestPath(path);
  const endpoint = endpointOn(path);
  const unanswered = unansweredTarget(path);
  await Promise.all([
    ...(unanswered === null ? [] : [sendAgain(deps, context, unanswered)]),
    ...(gateway === null || near.state === "yes" ? [] : [send(deps, context, gateway, "gateway")]),
    ...(endpoint === null ? [] : [send(deps, context, endpoint, "vpn-endpoint")]),
  ]);
}

/** connect() fails with host unreachable, without the sender: a probe of its own learns that. */
function unansweredTarget(path: Path): string | null {
  const connect = defaultAttempt(path)?.stages.find(({ stage }) => stage === "connect");
  const reported = connect?.result.kind === "failed" && connect.result.code === "EHOSTUNREACH";
  const replied = path.probes.some(({ outcome }) => outcome.kind === "unreachable");
  return reported && !replied ? (tracedAddress(path) ?? null) : null;
}

function endpointOn(path: Path): string | null {
  const address = tracedAddress(path);
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null || address === undefined) return null;
  return endpointOf(vpnOnPath(snapshot, address, guestView(path)));
}

function sendAgain(deps: OutboundDeps, context: ProbeContext, address: string): Promise<void> {
  const to = { ...destination(deps, address), port: UDP_PORT };
  const open = () => deps.engine.udp(to);
  return sendOne(deps, context, { address, open, waitMs: NEIGHBOUR_FAILURE_MS, name: "udp" });
}

/** Over all three at once: each may be filtered by itself. */
async function send(
  deps: OutboundDeps,
  context: ProbeContext,
  address: string,
  about: ControlProbe["about"],
): Promise<void> {
  const to = destination(deps, address);
  const emit = (body: EventBody) =>
    context.emit(body.kind === "probe" ? { ...body, kind: "control-probe", about } : body);
  const opens = [
    () => deps.engine.udp({ ...to, port: UDP_PORT }),
    () => deps.engine.echo(to),
    () => deps.engine.syn({ ...to, port: TLS_PORT }),
  ];
  const one = { address, waitMs: WAIT_MS, name: about };
  await Promise.all(opens.map((open) => sendOne(deps, { ...context, emit }, { ...one, open })));
}

function destination(deps: OutboundDeps, address: string) {
  const family = addressOf(address)?.family ?? 4;
  return { family, address, zoneIndex: deps.zoneIndex(address) };
}

interface One {
  readonly address: string;
  readonly waitMs: number;
  /** What is reported as skipped where the kernel or a privilege refuses. */
  readonly name: string;
  open(): Transport;
}

function sendOne(
  deps: OutboundDeps,
  context: ProbeContext,
  { address, waitMs, name, open }: One,
): Promise<void> {
  return withTransport(context, name, open, async (transport) => {
    const sender = createProbeSender(transport, context, { address, ...deps });
    const sizeBytes = transport.smallestBytes;
    await sender([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs);
  });
}
