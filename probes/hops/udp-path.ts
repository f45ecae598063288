// The path over UDP: whether the target answers, the hops, and the sizes.
//
//  1. Small packets leave beside the default attempt: no ICMP error about them has an MTU.
//  2. Once the inbound half is decided: what distinguishes the reasons where nobody was connected, and the sizes.

import { isConnected, isFromTarget } from "../../src/facts/connection/subject.ts";
import { reachFacts } from "../../src/facts/reach/reach.ts";
import type { ProbeContext } from "../../src/probe.ts";
import { readFailure } from "../linux/failure.ts";
import {
  HTTPS_PORT,
  NEIGHBOUR_FAILURE_MS,
  type OutboundDeps,
  openOthers,
  openSyn,
  type Subject,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { type OutboundInput, sweepOutbound, TOKEN_MS } from "../pmtu/outbound.ts";
import { createProbeSender, FAR_TTL, type Overdue, type ProbeSender } from "../probe-sender.ts";
import { outboundInput, overUdp, takesSizes } from "./over-udp.ts";
import { isRttSettled, WAIT, waitFor } from "./reply-wait.ts";
import { followSyn } from "./syn-path.ts";
import { distanceOf, type SweepResult, sweepTtl } from "./ttl-sweep.ts";

/** @param clear settles when large packets may leave, or a connection has failed */
export type UdpProbe = (context: ProbeContext, clear: Promise<void>) => Promise<void>;

/** Hops beside the default attempt, then sizes as far as ICMP reports them quickly. */
export function createUdpProbe(deps: OutboundDeps): UdpProbe {
  return (context, clear) =>
    overUdp(deps, context, async (_, __, transport, subject) => {
      const send = createProbeSender(transport, context, { ...subject, ...deps });
      const firstMs = context.clock.now();
      const over: OverUdp = { deps, context, transport, subject, send, firstMs };
      const hops = await probeHops(over);
      await clear;
      if (!context.signal.aborted) await probeSizes(over, hops);
    });
}

interface OverUdp {
  readonly deps: OutboundDeps;
  readonly context: ProbeContext;
  readonly transport: Transport;
  readonly subject: Subject;
  readonly send: ProbeSender;
  /** When the first packet left, on the clock's time. */
  readonly firstMs: number;
}

interface Hops extends SweepResult {
  /** The target's, null when it does not answer. */
  readonly distance: number | null;
}

async function probeHops({ deps, context, transport, subject, send }: OverUdp): Promise<Hops> {
  const { path, clock } = context;
  const { address } = subject;
  const sizeBytes = transport.smallestBytes;
  // A silence counts once the connection, beside it, shows how long an answer takes, or gets none itself.
  const isOverdue: Overdue = (_, waitedMs) => isRttSettled(path()) && waitedMs >= waitFor(path());
  const startedMs = clock.now();
  const distance = await sendToTarget(send, address, { sizeBytes, waitMs: WAIT.maxMs, isOverdue });
  const tookMs = distance === null ? 0 : clock.now() - startedMs;
  const { options, target } = path().run ?? {};
  const port = target?.port ?? HTTPS_PORT;
  const others = openOthers(deps, context, { ...subject, port });
  const sweep = await sweepTtl({ send, smallestBytes: sizeBytes }, address, distance, {
    maxHops: options?.maxHops ?? FAR_TTL,
    waitMs: Math.min(WAIT.maxMs, Math.max(waitFor(path()), WAIT.roundTrips * tookMs)),
    others: others.probers,
  }).finally(others.close);
  return { ...sweep, distance };
}

async function probeSizes(over: OverUdp, hops: Hops): Promise<void> {
  const { deps, context, transport, subject, send } = over;
  const input = outboundInput(deps, context, transport, subject);
  const farthest = hops.answering.at(-1);
  const hasReplied = hops.distance !== null || hops.reachedTtl !== null;
  if (!isConnected(context.path())) await followFailure(over, input);
  const isTarget = hasReplied || (await answersLater(send, context, input));
  if (!isTarget && farthest === undefined) return;
  const ttl = isTarget ? FAR_TTL : (farthest ?? FAR_TTL);
  if (!takesSizes(context, "udp-sizes", transport)) return;
  await sweepOutbound(send, context, { ...input, ttl, isTarget, hops: hops.answering });
}

/**
 * Whether a target that is there has only used up its ICMP messages on earlier probes: in a run
 * about sizes one gets the time to come back. Elsewhere its silence decides nothing, and TCP does.
 */
async function answersLater(
  send: ProbeSender,
  { path, clock, signal }: ProbeContext,
  { target, smallBytes: sizeBytes, waitMs }: OutboundInput,
): Promise<boolean> {
  const { connect, alive } = reachFacts(path());
  const isThere = connect === "passed" || connect === "refused" || alive !== null;
  if (path().run?.command !== "mtu" || !isThere || signal.aborted) return false;
  await clock.sleep(TOKEN_MS);
  return (await sendToTarget(send, target, { sizeBytes, waitMs })) !== null;
}

/** What distinguishes the reasons for which a connection fails. */
async function followFailure(over: OverUdp, input: OutboundInput): Promise<void> {
  const { deps, context, subject } = over;
  const { target, options } = context.path().run ?? {};
  await readFailure(deps.system, context, subject.address);
  // Where datagrams are asked for, a port of TCP says nothing.
  if (target?.scheme !== "udp" && target?.scheme !== "icmp") {
    await followSyn(context, {
      waitMs: input.waitMs,
      port: target?.port ?? HTTPS_PORT,
      maxHops: options?.maxHops ?? FAR_TTL,
      open: (via) => openSyn(deps, context, subject, via),
    });
  }
  const { alive, refusals } = reachFacts(context.path());
  if (alive !== null || refusals.length > 0 || isConnected(context.path())) return;
  await waitForNeighbourFailure(over, input);
}

interface Asked {
  readonly sizeBytes: number;
  readonly waitMs: number;
  readonly isOverdue?: Overdue;
}

/** The target's distance by the original datagram or its answer's TTL, null when it does not answer. */
async function sendToTarget(
  send: ProbeSender,
  address: string,
  { sizeBytes, waitMs, isOverdue }: Asked,
): Promise<number | null> {
  const [asked] = await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs, isOverdue);
  if (asked === undefined || !isFromTarget(asked.outcome, address)) return null;
  // What is left of our own TTL is sure; what is left of the answer's depends on the return path.
  if (asked.originalTtl !== undefined) return Math.max(1, FAR_TTL - asked.originalTtl + 1);
  const replyTtl = asked.outcome.kind === "unreachable" ? asked.outcome.replyTtl : null;
  return replyTtl === null ? 1 : distanceOf(replyTtl);
}

/**
 * Nobody answers: a host-unreachable after failed ARP may still come and name the segment, to this probe or to an earlier one.
 * The router began to ask for its neighbour with the first packet of all.
 */
async function waitForNeighbourFailure(
  { context, subject, send, firstMs }: OverUdp,
  { waitMs, smallBytes: sizeBytes }: OutboundInput,
): Promise<void> {
  const restMs = Math.max(waitMs, firstMs + NEIGHBOUR_FAILURE_MS - context.clock.now());
  // connect() fails with the same message, and without its sender.
  const isNamed = () =>
    context
      .path()
      .probes.some((one) => one.address === subject.address && one.outcome.kind === "unreachable");
  await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], restMs, isNamed);
}
