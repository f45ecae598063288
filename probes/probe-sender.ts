// Batches of probes of one flow: sent together, answered in any order, each reported as one event.

import type { ProbeContext } from "../src/probe.ts";
import type { ProbeOutcome, ProbeSent } from "../src/schema/events/probe.ts";
import type { MarkOf } from "./native/mark.ts";
import type { Answer, Transport } from "./native/transport.ts";
import type { RateLimit } from "./rate-limit.ts";

export interface ProbeSpec {
  readonly purpose: ProbeSent["purpose"];
  readonly ttl: number;
  readonly sizeBytes: number;
}

export interface ProbeResult extends ProbeSpec {
  readonly outcome: ProbeOutcome;
  /** TTL that the probe had left in the original datagram; absent where the engine does not see it. */
  readonly originalTtl?: number;
}

/** Whether a probe without an answer is worth no more waiting; one that comes later still counts. */
export type Overdue = (
  probe: ProbeSpec,
  waitedMs: number,
  answered: readonly ProbeResult[],
) => boolean;

/** Sends the probes one by one and waits until each is answered or overdue, or `waitMs` has passed. */
export type ProbeSender = (
  specs: readonly ProbeSpec[],
  waitMs: number,
  isOverdue?: Overdue,
) => Promise<readonly ProbeResult[]>;

/** Of a packet that is meant to reach its address; what comes back has used up as many of them as there are hops. */
export const FAR_TTL = 64;

const POLL_MS = 1;
/** Sent at once, as a new TCP connection may (RFC 6928), and then with a pause: no flood to anybody. */
const BURST = 10;
const GAP_MS = 1;

type ReplyDetail = Pick<Answer, "labels" | "quote">;
const NO_DETAIL: ReplyDetail = { labels: [], quote: null };

interface Waiting extends ProbeSpec {
  readonly cookie: number;
  readonly sentAtMs: number;
  readonly sentMs: number;
}

export interface ProbeSenderOptions {
  readonly address: string;
  /** The cookie of the next probe, never given twice in a run: a late answer matches no other probe. */
  nextCookie(): number;
  /** What a probe is marked with, by its cookie. */
  readonly markOf?: MarkOf;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
  readonly flow?: number;
  /** Between two probes of a batch, where a burst is too much. */
  readonly gapMs?: number;
  /** Waits until one more may leave, where the user set a rate. */
  readonly rateLimit?: RateLimit;
  /** Reported with each probe where it differs from the target's port and the route's interface. */
  readonly via?: Pick<ProbeSent, "port" | "device">;
}

export function createProbeSender(
  transport: Transport,
  context: ProbeContext,
  options: ProbeSenderOptions,
): ProbeSender {
  const { clock, emit, signal } = context;
  const { protocol } = transport;
  const { address, flow = 0, gapMs, via = {} } = options;
  const expired = new Set<number>();
  const reportLate = ({ cookie, outcome }: Answer): boolean => {
    if (cookie === undefined || !expired.delete(cookie)) return false;
    emit({ kind: "late-reply", cookie, outcome });
    return true;
  };
  /** Before the n-th probe of a batch. */
  const pause = async (n: number) => {
    await options.rateLimit?.(context);
    if (n === 0) return;
    if (gapMs !== undefined) await clock.sleep(gapMs);
    else if (n % BURST === 0) await clock.sleep(GAP_MS);
  };
  return async (specs, waitMs, isOverdue = () => false) => {
    const waiting = new Map<number, Waiting>();
    const done: ProbeResult[] = [];
    const settle = (probe: Waiting, outcome: ProbeOutcome, reported: ReplyDetail = NO_DETAIL) => {
      waiting.delete(probe.cookie);
      const { purpose, ttl, sizeBytes, cookie, sentAtMs } = probe;
      const { labels, quote: original } = reported;
      const left = original?.ttl ?? null;
      done.push({
        purpose,
        ttl,
        sizeBytes,
        outcome,
        ...(left === null ? {} : { originalTtl: left }),
      });
      emit({
        kind: "probe",
        protocol,
        purpose,
        address,
        flow,
        ttl,
        sizeBytes,
        cookie,
        outcome,
        labels,
        quote: original,
        sentAtMs,
        ...markedWith(options.markOf?.(cookie)),
        ...via,
        ...portOf(flow, transport),
      });
    };
    const expire = () => {
      for (const probe of [...waiting.values()]) {
        expired.add(probe.cookie);
        settle(probe, { kind: "no-reply", waitedMs: clock.now() - probe.sentMs });
      }
    };
    const take = (answer: Answer) => {
      // A router that returns 8 bytes returns no cookie: reported only when one probe is out.
      const only = waiting.size === 1 ? [...waiting.values()][0] : undefined;
      const probe = answer.cookie === undefined ? only : waiting.get(answer.cookie);
      if (probe !== undefined) settle(probe, answer.outcome, answer);
    };
    const collect = () => {
      for (const answer of transport.drain()) {
        if (!reportLate(answer)) take(answer);
      }
    };
    for (const [n, spec] of specs.entries()) {
      if (signal.aborted) break;
      await pause(n);
      if (signal.aborted) break;
      const sentMs = clock.now();
      const sentAtMs = sentMs - options.runStartMs;
      const probe = { ...spec, cookie: options.nextCookie(), sentAtMs, sentMs };
      waiting.set(probe.cookie, probe);
      const error = transport.send(probe);
      if (error !== null) settle(probe, { kind: "send-failed", error });
      collect();
    }
    const startedMs = clock.now();
    const isWorthWaiting = () =>
      !signal.aborted &&
      [...waiting.values()].some((probe) => !isOverdue(probe, clock.now() - probe.sentMs, done));
    while (isWorthWaiting() && clock.now() - startedMs < waitMs) {
      await clock.sleep(POLL_MS);
      collect();
    }
    expire();
    return done;
  };
}

function markedWith(mark: number | undefined): Pick<ProbeSent, "mark"> {
  return mark === undefined ? {} : { mark };
}

/** Notified of flows beside the run's own, so that whoever runs the router can find them. */
function portOf(flow: number, { localPort }: Transport): { readonly sourcePort?: number } {
  return flow === 0 || localPort === undefined ? {} : { sourcePort: localPort() };
}
