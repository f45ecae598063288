// The inbound PMTU without any ICMP: connections that offer an MSS of chosen sizes (TCP_MAXSEG)
// until N bytes arrive full-size and N + 1 does not.
//
//  1. Runs only when the default attempt has stalled, or a longer answer, and only up to the stage at which it did.
//  2. One coarse round with the sizes that something suggests, then rounds inside the interval.
//  3. A size that ever passes can pass: attempts that look stalled stay open and may still recover.
//     Where a port takes few connections, those are ended that stay stalled: the default attempt shows what recovers.
//  4. How long an answer of this server takes, those that passed show: silence means something after twice that.
//  5. It ends when the interval is closed, when nothing passes at all, or with the attempt that it is made for.

import PQueue from "p-queue";
import { offeredBytes, TCP_HEADERS } from "../../src/facts/connection/attempt.ts";
import { linkMtuTo } from "../../src/facts/connection/subject.ts";
import { inboundInterval } from "../../src/facts/size/inbound-interval.ts";
import { inboundSubject } from "../../src/facts/size/inbound-subject.ts";
import { COMMON_MTUS, nextSizes } from "../../src/facts/size/size-interval.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { TcpStage } from "../../src/schema/events/tcp.ts";
import { createDeferred } from "../deferred.ts";
import { connectionsAtOnce, connectionsLeft } from "../protocols/connection-limits.ts";
import type { RunningAttempt, Siblings } from "../tcp/attempt.ts";

/** The IPv4 minimum that a host must take (RFC 1122 s.3.3.3): below it no size is tried. */
export const FLOOR_BYTES = 576;
const COARSE_ROOM = 8;
const ROUND_ROOM = 10;
/** All connections of one sweep: enough for any limit and for repeats, few for any server. */
const MAX_ATTEMPTS = 36;
/** What is planned with: the rest is for sizes that loss or a busy machine makes worthless. */
const PLANNED_ATTEMPTS = 28;
/** Links with larger frames lead to Ethernet sooner or later. */
const ETHERNET_BYTES = 1500;
/** The coarse round's sizes beside the candidates. */
const COARSE = [FLOOR_BYTES, 1280, 1340, 1380, 1400, 1420, 1440, 1480, 1492] as const;

export interface Sweep {
  /** Settles when the interval is closed or will not close, for the first time: what looked stalled may still recover. */
  readonly decided: Promise<void>;
  /** Whether it is so now. */
  isDecided(): boolean;
  /** When a size was last found to pass or to stall, on the clock's time. */
  movedMs(): number;
  /** Ends what still hangs; settles when nothing is left open. */
  stop(): Promise<void>;
}

export interface SweepInput {
  /** Opens one connection that offers `mss` bytes. */
  start(mss: number, siblings: Siblings): RunningAttempt;
  /** The stage in which the connection hangs that it is made for. */
  readonly goal: TcpStage;
  /** MTUs that the host snapshot names. */
  readonly candidates: readonly number[];
  /** Whether that connection has come to its end. */
  finished(): boolean;
}

const CLOSED_POLL_MS = 3;
/** A size whose failures loss may explain is tried so often in a round. */
const REPEATS = 4;
/** How often the sizes that look stalled are looked at again: some recover. */
const RECHECK_MS = 25;
/** What a stalled one is given where it stands in the way of the next: a retransmission time-out and more. */
const FEW_WAIT_MS = 300;
/** What the server is given to see a connection close before the next one comes. */
const CLOSING_MS = 50;
/** How long nobody is said to stall while nothing has passed yet, unless a segment is seen to be missing. */
const FIRST_ANSWER_MS = 250;
/** Answers of one server that differ by more than this are no rule. */
const MAX_PATIENCE_MS = 2000;
/** One connection tries the size above the limit once more. */
const CONFIRMATION = 1;

/** Starts the sweep; it ends by itself with the default attempt. */
export function sweepInbound(context: ProbeContext, input: SweepInput): Sweep {
  const { goal, candidates } = input;
  const running: RunningAttempt[] = [];
  const confirmed = new Set<number>();
  const port = inboundSubject(context.path())?.port;
  const few = connectionsAtOnce(context.path(), port);
  const roundRoom = Math.min(ROUND_ROOM, few);
  // The default attempt is one of those that are open, and another may not have reached its end at the server.
  const queue = new PQueue({ concurrency: Math.max(1, Math.min(ROUND_ROOM, few - 2)) });
  let stopped = false;
  let progressMs = 0;
  let movedMs = context.clock.now();
  let answeredInMs = 0;
  let isDecided = false;
  const decided = createDeferred();
  const decide = () => {
    isDecided = true;
    decided.fire();
  };
  const siblings: Siblings = {
    progressMs: () => progressMs,
    patienceMs: () =>
      answeredInMs === 0 ? FIRST_ANSWER_MS : Math.min(MAX_PATIENCE_MS, 2 * answeredInMs),
  };
  const over = () => stopped || input.finished() || context.signal.aborted;

  /** Where few may be open: ends the attempt, at this end and, as far as can be known, at the server's. */
  const endForNext = async (attempt: RunningAttempt) => {
    const startedMs = context.clock.now();
    const waits = () => !over() && context.clock.now() - startedMs < FEW_WAIT_MS;
    while (attempt.state(goal) === "stalled" && waits()) await context.clock.sleep(RECHECK_MS);
    attempt.stop();
    await context.clock.sleep(CLOSING_MS);
  };

  const trySize = async (mss: number) => {
    if (over()) return;
    const startedMs = context.clock.now();
    const attempt = input.start(mss, siblings);
    running.push(attempt);
    await attempt.decided;
    movedMs = context.clock.now();
    if (few < ROUND_ROOM) await endForNext(attempt);
    if (attempt.state(goal) !== "passed") return;
    progressMs = context.clock.now();
    answeredInMs = Math.max(answeredInMs, progressMs - startedMs);
    attempt.stop();
  };

  const round = async (sizes: readonly number[], headers: number) => {
    const room = Math.min(left(), roundRoom);
    const all = queue.addAll(
      sizes.slice(0, room).map((sizeBytes) => () => trySize(sizeBytes - headers)),
    );
    // Two neighbours that differ decide: the slowest of the round need not be waited for.
    await Promise.race([all, untilClosed()]);
  };

  const left = () => Math.min(MAX_ATTEMPTS - running.length, connectionsLeft(context.path(), port));

  /** How many may still be spent on closing the interval. */
  const planned = () => {
    const most = left() - CONFIRMATION;
    const rest = PLANNED_ATTEMPTS - running.length;
    return rest > 0 ? Math.min(most, rest) : most;
  };

  const interval = () => inboundInterval(context.path(), goal);

  const isClosed = () => {
    const { passed, failed } = interval();
    return passed !== null && failed !== null && failed === passed + 1;
  };

  const untilClosed = async () => {
    while (!over() && !isClosed()) await context.clock.sleep(CLOSED_POLL_MS);
    decided.fire();
  };

  /** The sizes to probe next inside the interval; empty when it is closed or has no lower end. */
  const wanted = () => {
    const { passed, failed, ambiguous } = interval();
    if (ambiguous !== null && passed !== null) return again(ambiguous);
    if (passed === null || failed === null) return [];
    const within = { above: passed, below: failed };
    const sizes = nextSizes(within, COMMON_MTUS, roundRoom, planned());
    if (sizes.length > 0 || confirmed.has(failed)) return sizes;
    // The size above the limit is tried once more: one lost segment must not pass for a limit.
    confirmed.add(failed);
    return [failed];
  };

  const run = async () => {
    const hanging = inboundSubject(context.path());
    // Without TCP_INFO the kernel does not say what it offers: it is what the link takes.
    const offered =
      hanging === undefined
        ? null
        : (offeredBytes(hanging) ?? linkMtuTo(context.path(), hanging.address));
    if (hanging === undefined || offered === null || offered <= FLOOR_BYTES) return;
    const headers = TCP_HEADERS[hanging.family];
    await round(coarseSizes(offered, candidates, Math.min(COARSE_ROOM, roundRoom)), headers);
    while (!over()) {
      const sizes = wanted();
      isDecided = sizes.length === 0 || left() === 0;
      if (!isDecided) await round(sizes, headers);
      else {
        decide();
        await context.clock.sleep(RECHECK_MS);
      }
    }
  };

  const finished = run().finally(decide);
  return {
    decided: decided.promise,
    isDecided: () => isDecided,
    movedMs: () => movedMs,
    stop: async () => {
      stopped = true;
      queue.clear();
      for (const attempt of running) attempt.stop();
      await finished;
      await Promise.all(running.map((attempt) => attempt.done));
    },
  };
}

function coarseSizes(
  offered: number,
  candidates: readonly number[],
  room: number,
): readonly number[] {
  const inside = (bytes: number) => bytes >= FLOOR_BYTES && bytes < offered;
  const likely = offered > ETHERNET_BYTES ? [ETHERNET_BYTES, ...candidates] : candidates;
  const candidate = [...new Set(likely.flatMap((mtu) => [mtu, mtu + 1]))].filter(inside);
  const first = [FLOOR_BYTES, ...candidate.slice(0, room - 2)];
  const rest = COARSE.filter((bytes) => inside(bytes) && !first.includes(bytes));
  const left = Math.max(0, room - first.length);
  const step = rest.length / Math.max(1, left);
  const spread = Array.from(
    { length: Math.min(left, rest.length) },
    (_, n) => rest[Math.floor(n * step)],
  );
  return [...first, ...spread].filter((bytes) => bytes !== undefined);
}

function again(size: number): readonly number[] {
  return Array.from({ length: REPEATS }, () => size);
}
