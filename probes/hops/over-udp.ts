// UDP to what is traced: its socket, and what a sweep of sizes over it needs to know.

import { isConnected } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { readSnmp6 } from "../linux/proc-net.ts";
import {
  type OutboundDeps,
  type Subject,
  subjectOf,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import type { OutboundInput } from "../pmtu/outbound.ts";
import { FAR_TTL } from "../probe-sender.ts";
import { connectionsLeft } from "../protocols/connection-limits.ts";
import type { System } from "../system.ts";
import { waitFor } from "./reply-wait.ts";

type OverUdp = (
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  subject: Subject,
) => Promise<void>;

/** Opens a UDP socket to what is traced, for one use. */
export async function overUdp(
  deps: OutboundDeps,
  context: ProbeContext,
  use: OverUdp,
): Promise<void> {
  const subject = subjectOf(context.path());
  if (subject === undefined) return;
  const { address, family } = subject;
  const to = { family, address, port: UDP_PORT, zoneIndex: deps.zoneIndex(address) };
  const open = () => deps.engine.udp(to);
  await withTransport(context, "udp", open, (transport) => use(deps, context, transport, subject));
}

/** What a sweep of sizes needs to know, with the target itself as the responder. */
export function outboundInput(
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  { family, address, linkMtu }: Subject,
): OutboundInput {
  const path = context.path();
  return {
    family,
    target: address,
    linkMtu,
    smallBytes: transport.smallestBytes,
    ttl: FAR_TTL,
    isTarget: true,
    hops: [],
    candidates: deps.candidates(path),
    waitMs: waitFor(path),
    // Several targets use up what a router reports to this machine. Where a port takes as many connections as are needed, TCP
    // data decide the rest without waiting for that.
    decidedByTcp: deps.isShared && isConnected(path) && connectionsLeft(path) === Infinity,
    packetTooBigCount: async () =>
      deps.isShared ? undefined : countPacketTooBig(deps.system, family),
  };
}

/** False, and reported as skipped, where a large packet could make a black hole recover. */
export function takesSizes(
  { emit }: ProbeContext,
  probe: string,
  { cachesAbove, smallestBytes }: Transport,
): boolean {
  if (cachesAbove === null || cachesAbove > smallestBytes) return true;
  const reason = "IP_MTU_DISCOVER is refused: the kernel would cache the MTU of an ICMP error";
  emit({ kind: "probe-skipped", probe, reason });
  return false;
}

/**
 * ICMPv6 packet-too-big messages that this network namespace has received. On IPv4 the socket receives them
 * itself, so there is nothing to count.
 */
async function countPacketTooBig(system: System, family: 4 | 6): Promise<number | undefined> {
  if (family === 4) return undefined;
  const text = await system.readText("/proc/self/net/snmp6").catch(() => "");
  return readSnmp6(text, "Icmp6InPktTooBigs");
}
