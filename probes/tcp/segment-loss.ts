// Whether large packets are lost where small ones are not, and from which size on: connections whose first flight is padded.
//
//  1. One connection with a flight of full segments, as what a run sends else is small.
//  2. Where anything had to be repeated: connections in pairs, one with full segments and one with small ones, as many of each,
//     one pair after the other: several flights at once would fill the queue of a slow line and lose packets by that.
//  3. Where only the large ones lose: sizes between, by halves.

import { attemptState, TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt, linkMtuTo } from "../../src/facts/connection/subject.ts";
import { isLoss, measuredLoss } from "../../src/facts/loss/loss-measurement.ts";
import { isKnown, isSegmentLost, segmentLoss } from "../../src/facts/loss/segment-loss.ts";
import { fullSize, largestSent } from "../../src/facts/size/full-size.ts";
import { inboundFacts } from "../../src/facts/size/inbound.ts";
import { outboundFacts } from "../../src/facts/size/outbound.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { Probe, ProbeContext } from "../../src/probe.ts";
import type { Target } from "../../src/schema/events/run.ts";
import { unverified } from "../stages/own-request.ts";
import { settledOr } from "../stages/settled.ts";
import type { TcpDeps } from "../stages/tcp-stages.ts";
import { type RunningAttempt, startAttempt } from "./attempt.ts";
import { SMALL_MSS } from "./transfer.ts";

/** The initial window of a connection (RFC 6928): a flight that nobody has to grow first. */
const FLIGHT_SEGMENTS = 10;
/** Web servers take requests of 8 KiB (nginx, large_client_header_buffers; Apache, LimitRequestFieldSize). */
const HEADER_BYTES = 6000;
/** One record of TLS (RFC 8446 s.5.1), with room for the rest of the hello. */
const HELLO_BYTES = 15_000;
/** Enough to tell a loss of one in eight from none. */
const PAIRS = 12;
/** Behind how many it may end: as nothing is lost, or both alike, or as the difference is clear. */
const LOOKS: readonly number[] = [3, 6, PAIRS];
/** Connections at each size between, and how near the sizes have to get. */
const AT_SIZE = 4;
const NEAR_BYTES = 64;
/** Three repetitions of a segment by timer, the last 800 ms behind the second (RFC 6298 s.5). */
const LIMIT_MS = 2500;

export function createSegmentLossProbe(deps: TcpDeps): Probe {
  return async (context) => {
    const path = context.path();
    const attempt = defaultAttempt(path);
    const target = path.run?.target;
    if (attempt === undefined || target === undefined || !isWanted(path, attempt)) return;
    const full = fullMss(path, attempt);
    if (full === null || full <= SMALL_MSS) return;
    const connect = (mss: number) =>
      follow(open(deps, context, attempt, target, mss), context, () => false);
    // Acknowledged by the kernel: how long the server itself takes is nothing to wait for here.
    const sign = open(deps, context, attempt, target, full);
    const isAcked = () => (sign.info()?.bytesAcked ?? 0) >= flightBytes(target, full);
    await follow(sign, context, isAcked);
    const [first] = context.path().connections["segment-loss"];
    if (first === undefined || !isKnown(first) || !isSegmentLost(context.path())) return;
    if (!(await comparePairs(context, connect, full))) return;
    await findSize(context, connect);
  };
}

/** The web answered, in every size that was tried: a size that never passes is no loss. */
function isWanted(path: Path, attempt: Attempt): boolean {
  const { scheme } = path.run?.target ?? {};
  const isWeb = scheme === "https" || scheme === "http";
  if (!isWeb || path.requested !== null || fullSize(path) === null) return false;
  if (attemptState(attempt, "http") !== "passed") return false;
  const { estimate } = outboundFacts(path);
  const hello = path.connections["large-hello"].some(
    (one) => attemptState(one, "tls") !== "passed",
  );
  const inbound = inboundFacts(path);
  const measured = measuredLoss(path);
  if (measured !== null && isLoss(measured)) return false;
  return !hello && !estimate.silent && inbound.interval.failed === null && !inbound.everySizeHangs;
}

/** What both ends, and a limit that was named, let a segment be. */
function fullMss(path: Path, { address, family }: Attempt): number | null {
  const link = linkMtuTo(path, address);
  if (link === null) return null;
  const { bytes } = outboundFacts(path).estimate;
  return Math.min(link, bytes ?? link, largestSent(path) ?? link) - TCP_HEADERS[family];
}

type Connect = (mss: number) => Promise<void>;

/** Whether the large ones alone are lost. */
async function comparePairs(context: ProbeContext, connect: Connect, full: number) {
  for (let pair = 1; pair <= PAIRS && !context.signal.aborted; pair++) {
    await Promise.all([connect(full), connect(SMALL_MSS)]);
    const measured = segmentLoss(context.path());
    if (!LOOKS.includes(pair) || measured === null) continue;
    if (!measured.isOpen) break;
  }
  return (segmentLoss(context.path())?.lossy.length ?? 0) > 0;
}

async function findSize(context: ProbeContext, connect: Connect): Promise<void> {
  const family = defaultAttempt(context.path())?.family ?? 4;
  for (let from = segmentLoss(context.path())?.from; from !== undefined; ) {
    const { passed, lost } = from;
    if (lost - passed <= NEAR_BYTES || context.signal.aborted) return;
    const mss = Math.floor((passed + lost) / 2) - TCP_HEADERS[family];
    for (let n = 0; n < AT_SIZE; n += 2) await Promise.all([connect(mss), connect(mss)]);
    const next = segmentLoss(context.path())?.from;
    // None of them came to its end.
    if (next?.passed === passed && next.lost === lost) return;
    from = next;
  }
}

function open(
  deps: TcpDeps,
  context: ProbeContext,
  { address, family, port }: Attempt,
  target: Target,
  mss: number,
): RunningAttempt {
  const padBytes = flightBytes(target, mss);
  return startAttempt(
    deps.libc,
    {
      ...deps.nextAttempt(),
      purpose: "segment-loss",
      goal: "http",
      family,
      address,
      port,
      zoneIndex: deps.zoneIndex(address),
      mss,
      firstFlightBytes: padBytes,
      exchange: { ...unverified(deps, target), padBytes },
    },
    context,
  );
}

function flightBytes({ scheme }: Target, mss: number): number {
  return Math.min(FLIGHT_SEGMENTS * mss, scheme === "http" ? HEADER_BYTES : HELLO_BYTES);
}

/** To the answer's end, or to where nothing more is wanted of it. */
async function follow(
  attempt: RunningAttempt,
  context: ProbeContext,
  isEnough: () => boolean,
): Promise<void> {
  const isOver = () => attempt.waiting() === null || isEnough();
  await settledOr(isOver, attempt.done, LIMIT_MS, context);
  attempt.stop();
  await attempt.done;
}
