// The outbound path, probe by probe: whether the target answers, the hops, and the sizes; over UDP first.

import { lastInfo, stageOf } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt, isConnected, isFromTarget } from "../../src/facts/connection/subject.ts";
import { isMixed, tcpFlows } from "../../src/facts/loss/tcp-flows.ts";
import { FLOWS_WHEN_AMBIGUOUS, SYN_GAP_MS } from "../../src/facts/loss/thresholds.ts";
import { reachFacts } from "../../src/facts/reach/reach.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import { readFailure } from "../linux/failure.ts";
import { readSnmp6 } from "../linux/proc-net.ts";
import {
  HTTPS_PORT,
  NEIGHBOUR_FAILURE_MS,
  type OutboundDeps,
  openOthers,
  openSyn,
  openUdpFlows,
  type Subject,
  subjectOf,
  UDP_PORT,
  withTransport,
} from "../native/outbound-sockets.ts";
import type { Transport } from "../native/transport.ts";
import { sweepEcho, sweepHopSizes } from "../pmtu/hop-sizes.ts";
import { type OutboundInput, sweepCandidates, sweepOutbound, TOKEN_MS } from "../pmtu/outbound.ts";
import { createProbeSender, FAR_TTL, type ProbeSender } from "../probe-sender.ts";
import type { OpenFlowProbe } from "../stages/open-flow.ts";
import type { System } from "../system.ts";
import { isLossInQuestion, measureLoss } from "./loss-measurement.ts";
import { followSyn } from "./syn-path.ts";
import { distanceOf, sweepTtl } from "./ttl-sweep.ts";
import { sendFlows } from "./udp-flows.ts";

/** A silent answer is waited for so long: several round trips, between these bounds. A later one still counts. */
const WAIT = { minMs: 100, maxMs: 1500, roundTrips: 4 } as const;

/** Every hop at every size in question, and the target over ICMP: in a run about sizes. */
export function createHopSizesProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    if (context.path().run?.command !== "mtu") return;
    await overUdp(deps, context, async (_, __, transport, { address, linkMtu }) => {
      if (!takesSizes(context, "udp-sizes", transport)) return;
      const send = createProbeSender(transport, context, { address, ...deps });
      await sweepHopSizes(send, context, { address, linkMtu, waitMs: waitFor(context.path()) });
    });
    await probeEcho(deps, context);
  };
}

const ECHO_SIZES = "icmp-sizes";

async function probeEcho(deps: OutboundDeps, context: ProbeContext): Promise<void> {
  const subject = subjectOf(context.path());
  if (subject === undefined) return;
  const { address, family } = subject;
  const to = { family, address, zoneIndex: deps.zoneIndex(address) };
  const open = () => deps.engine.echo(to);
  await withTransport(context, ECHO_SIZES, open, async (transport) => {
    if (transport.cachesAbove !== null) {
      const reason = "the kernel would cache the MTU of every ICMPv6 packet-too-big message";
      context.emit({ kind: "probe-skipped", probe: ECHO_SIZES, reason });
      return;
    }
    const send = createProbeSender(transport, context, { address, ...deps });
    const input = outboundInput(deps, context, transport, subject);
    await sweepEcho(send, context, { ...input, packetTooBigCount: async () => undefined });
  });
}

/** Hops, and sizes as far as ICMP reports them quickly. */
export function createUdpProbe(deps: OutboundDeps): Probe {
  return (context) => overUdp(deps, context, probePath);
}

/** The hops of further flows, where more than one was requested. */
export function createUdpFlowsProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const path = context.path();
    const subject = subjectOf(path);
    const asked = path.run?.options.flows ?? 1;
    const isAmbiguous = isMixed(tcpFlows(path));
    const count = (isAmbiguous ? Math.max(asked, FLOWS_WHEN_AMBIGUOUS) : asked) - 1;
    if (subject === undefined || count < 1) return;
    const { flows, close } = openUdpFlows(deps, context, subject, { count, numbered: true });
    await sendFlows(flows, context, { untilDecided: asked < 2 }).finally(close);
  };
}

/** The sizes that something names as a limit, where silence and TCP data left a range. */
export function createCandidateSizesProbe(deps: OutboundDeps): Probe {
  return async (context) => {
    const { estimate } = outboundFacts(context.path());
    const open = estimate.below !== null && estimate.silent && !estimate.exact;
    if (open) await overUdp(deps, context, probeCandidates);
  };
}

/** Loss, where something suggests it. */
export function createLossProbe(deps: OutboundDeps, openFlow: OpenFlowProbe): Probe {
  return async (context) => {
    if (!isLossInQuestion(context)) return;
    const subject = subjectOf(context.path());
    const syn = subject && openSyn(deps, context, subject, {}, SYN_GAP_MS);
    if (!subject || !syn) return;
    const udp = openUdpFlows(deps, context, subject, { count: LOSS_FLOWS, numbered: false });
    const waitMs = Math.min(MAX_SYN_WAIT_MS, waitFor(context.path()));
    try {
      await measureLoss(context, {
        syn,
        udp: udp.flows,
        waitMs,
        openFlow: (lastsMs) => openFlow(context, lastsMs),
      });
    } finally {
      udp.close();
      syn.close();
    }
  };
}

/** Each is probed in turn: few sockets, and two of them on one dead path are still not all. */
const LOSS_FLOWS = 5;
/** A SYN is given up before the kernel repeats it, after a second. */
const MAX_SYN_WAIT_MS = 900;

type OverUdp = (
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  subject: Subject,
) => Promise<void>;

async function overUdp(deps: OutboundDeps, context: ProbeContext, use: OverUdp): Promise<void> {
  const subject = subjectOf(context.path());
  if (subject === undefined) return;
  const { address, family } = subject;
  const to = { family, address, port: UDP_PORT, zoneIndex: deps.zoneIndex(address) };
  const open = () => deps.engine.udp(to);
  await withTransport(context, "udp", open, (transport) => use(deps, context, transport, subject));
}

/** What a sweep of sizes needs to know, with the target itself as the responder. */
function outboundInput(
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
    packetTooBigCount: () => countPacketTooBig(deps.system, family),
  };
}

async function probePath(
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  subject: Subject,
): Promise<void> {
  const { address } = subject;
  const path = context.path();
  const send = createProbeSender(transport, context, { address, ...deps });
  const input = outboundInput(deps, context, transport, subject);
  const { waitMs, smallBytes: sizeBytes } = input;
  const maxHops = path.run?.options.maxHops ?? FAR_TTL;
  const distance = await sendToTarget(send, address, sizeBytes, waitMs);
  const port = path.run?.target.port ?? HTTPS_PORT;
  const others = openOthers(deps, context, { ...subject, port });
  const sweep = await sweepTtl({ send, smallestBytes: sizeBytes }, address, distance, {
    maxHops,
    waitMs,
    others: others.probers,
  }).finally(others.close);
  const farthest = sweep.answering.at(-1);
  const hasReplied = distance !== null || sweep.reachedTtl !== null;
  if (!isConnected(context.path())) await followFailure(deps, context, subject, send, input);
  const isTarget = hasReplied || (await answersLater(send, context, input));
  if (!isTarget && farthest === undefined) return;
  const ttl = isTarget ? FAR_TTL : (farthest ?? FAR_TTL);
  if (!takesSizes(context, "udp-sizes", transport)) return;
  await sweepOutbound(send, context, { ...input, ttl, isTarget, hops: sweep.answering });
}

/** False, and reported as skipped, where a large packet could make a black hole recover. */
function takesSizes(
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
 * Whether a target that is there has only used up its ICMP messages on earlier probes: in a run
 * about sizes one gets the time to come back. Elsewhere its silence decides nothing, and TCP does.
 */
async function answersLater(
  send: ProbeSender,
  { path, clock, signal }: ProbeContext,
  { target, smallBytes, waitMs }: OutboundInput,
): Promise<boolean> {
  const { connect, alive } = reachFacts(path());
  const isThere = connect === "passed" || connect === "refused" || alive !== null;
  if (path().run?.command !== "mtu" || !isThere || signal.aborted) return false;
  await clock.sleep(TOKEN_MS);
  return (await sendToTarget(send, target, smallBytes, waitMs)) !== null;
}

/** What distinguishes the reasons for which a connection fails. */
async function followFailure(
  deps: OutboundDeps,
  context: ProbeContext,
  subject: Subject,
  send: ProbeSender,
  { waitMs, smallBytes }: OutboundInput,
): Promise<void> {
  const { target, options } = context.path().run ?? {};
  await readFailure(deps.system, context, subject.address);
  // Where datagrams are asked for, a port of TCP says nothing.
  if (target?.scheme !== "udp" && target?.scheme !== "icmp") {
    await followSyn(context, {
      waitMs,
      port: target?.port ?? HTTPS_PORT,
      maxHops: options?.maxHops ?? FAR_TTL,
      open: (via) => openSyn(deps, context, subject, via),
    });
  }
  const { alive, refusals } = reachFacts(context.path());
  if (alive !== null || refusals.length > 0 || isConnected(context.path())) return;
  await waitForNeighbourFailure(send, smallBytes, waitMs);
}

async function probeCandidates(
  deps: OutboundDeps,
  context: ProbeContext,
  transport: Transport,
  subject: Subject,
): Promise<void> {
  if (!takesSizes(context, "udp-sizes", transport)) return;
  const send = createProbeSender(transport, context, { address: subject.address, ...deps });
  await sweepCandidates(send, context, outboundInput(deps, context, transport, subject));
}

function connectMs(attempt: Attempt): number {
  const connect = stageOf(attempt, "connect");
  return connect?.result.kind === "ok" ? connect.ms : 0;
}

export function waitFor(path: Path): number {
  const attempt = defaultAttempt(path);
  // Without TCP_INFO by how long connecting took.
  const rttMs = attempt === undefined ? 0 : (lastInfo(attempt)?.rttMs ?? connectMs(attempt));
  return Math.min(WAIT.maxMs, Math.max(WAIT.minMs, WAIT.roundTrips * rttMs));
}

/** The target's distance by the original datagram or its answer's TTL, null when it does not answer. */
async function sendToTarget(send: ProbeSender, address: string, sizeBytes: number, waitMs: number) {
  const [asked] = await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], waitMs);
  if (asked === undefined || !isFromTarget(asked.outcome, address)) return null;
  // What is left of our own TTL is sure; what is left of the answer's depends on the return path.
  if (asked.originalTtl !== undefined) return Math.max(1, FAR_TTL - asked.originalTtl + 1);
  const replyTtl = asked.outcome.kind === "unreachable" ? asked.outcome.replyTtl : null;
  return replyTtl === null ? 1 : distanceOf(replyTtl);
}

/** Nobody answers: a host-unreachable after failed ARP may still come and name the segment. */
async function waitForNeighbourFailure(
  send: ProbeSender,
  sizeBytes: number,
  waitMs: number,
): Promise<void> {
  const rest = Math.max(0, NEIGHBOUR_FAILURE_MS - waitMs);
  await send([{ purpose: "control", ttl: FAR_TTL, sizeBytes }], rest);
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
