// Where the target gives no answer: whether the gateway does, and a VPN's outer endpoint, which lies around the tunnel.

import {
  defaultAttempt,
  isConnected,
  tracedAddress,
  tracedRoute,
} from "../../src/facts/connection/subject.ts";
import { guestPath } from "../../src/facts/reach/guest-path.ts";
import { endpointOf } from "../../src/facts/reach/host-path.ts";
import { multipathOf } from "../../src/facts/reach/multipath.ts";
import { guestView } from "../../src/facts/reach/path-host.ts";
import { vpnOnPath } from "../../src/host/vpn.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { EventBody } from "../../src/schema/event.ts";
import { NEIGHBOUR_FAILURE_MS, type OutboundDeps, UDP_PORT } from "../native/outbound-sockets.ts";
import { askGateway, askOverAll, destination, sendOne } from "./control-probes.ts";

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
    ...(gateway === null || near.state === "yes"
      ? []
      : [askGateway(deps, context, { gateway, interface: tracedRoute(path)?.interface ?? "" })]),
    ...(endpoint === null ? [] : [askOverAll(deps, context, endpoint, "vpn-endpoint")]),
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

/**
 * Twice where nobody says it the first time: that one waits with whatever was sent before for the same failed ARP, and of the errors
 * about them all a router sends but a few (net.ipv4.icmp_ratelimit). The second begins a wait of its own.
 */
async function sendAgain(
  deps: OutboundDeps,
  context: ProbeContext,
  address: string,
): Promise<void> {
  const to = { ...destination(deps, address), port: UDP_PORT };
  const open = () => deps.engine.udp(to);
  const one = { address, open, waitMs: NEIGHBOUR_FAILURE_MS, name: "udp" };
  await sendOne(deps, context, one);
  if (unansweredTarget(context.path()) !== null && !context.signal.aborted) {
    await sendOne(deps, context, one);
  }
}
