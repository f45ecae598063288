// The hops of the path: TTLs in flight together, without one probe more than needed to the target.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import type { ProbeResult, ProbeSender } from "../probe-sender.ts";

/** Probes of one protocol to the target. */
export interface Prober {
  readonly send: ProbeSender;
  /** Of the whole IP packet; what a hop probe is. */
  readonly smallestBytes: number;
}

export interface SweepResult {
  /** TTL at which the target itself answered, null when it did not. */
  readonly reachedTtl: number | null;
  /** TTLs at which a router answered. */
  readonly answering: readonly number[];
}

export interface SweepOptions {
  readonly maxHops: number;
  readonly waitMs: number;
  /** Other protocols for what the first one leaves open: some hops answer only one of them. */
  others(): readonly Prober[];
}

/** Probes in flight while the distance is unknown: each beyond the target costs one of its replies. */
const WAVE = 5;
/** Silent hops in a row after which nothing more is expected. */
const GIVE_UP_AFTER = 10;
/** A hop in front of one that has answered is late after so many of its round trips, and so long. */
const ROUND_TRIPS = 3;
const OVERDUE_MS = 10;
/** Initial TTLs that systems use; the next one above a reply's TTL gives its distance. */
const INITIAL_TTLS = [64, 128, 255] as const;

/** How many hops away a sender is by its reply's TTL, if both directions have as many hops. */
export function distanceOf(replyTtl: number): number {
  const initial = INITIAL_TTLS.find((ttl) => ttl >= replyTtl) ?? 255;
  return initial - replyTtl + 1;
}

/**
 * Every answer is reported as an event; what is returned is the first protocol's alone.
 * @param guess the distance that an earlier answer of the target suggests
 */
export async function sweepTtl(
  prober: Prober,
  target: string,
  guess: number | null,
  options: SweepOptions,
): Promise<SweepResult> {
  const { maxHops, waitMs } = options;
  const results: ProbeResult[] = [];
  if (guess !== null && guess <= maxHops) {
    results.push(...(await send(prober, range(1, guess), waitMs)));
  }
  const next = results.length + 1;
  results.push(...(await sweepFrom(prober, target, next, results, options)));
  const reached = reachedTtl(results, target);
  const silent = silentTtls(results, reached ?? lastAnswering(results) + 1);
  const unreached = reached === null && !isEnded(results);
  if (silent.length > 0 || unreached) {
    // Distinguished by the others: a hop that is silent, and one that is silent to this protocol.
    const others = options.others();
    const after = lastAnswering(results) + 1;
    const again = send(prober, silent, waitMs, results);
    const beside = others.flatMap((one) => [
      send(one, silent, waitMs, results),
      ...(unreached ? [sweepFrom(one, target, after, [], options)] : []),
    ]);
    results.push(...(await again));
    await Promise.all(beside);
  }
  return { reachedTtl: reachedTtl(results, target), answering: answeringTtls(results) };
}

/** Waves of TTLs from `first` on, until the target answers, somebody refuses, or nobody is left. */
async function sweepFrom(
  prober: Prober,
  target: string,
  first: number,
  before: readonly ProbeResult[],
  { maxHops, waitMs }: SweepOptions,
): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (let next = first; next <= maxHops; ) {
    if (isOver([...before, ...results], target, next, first)) break;
    const last = Math.min(maxHops, next + WAVE - 1);
    results.push(...(await send(prober, range(next, last), waitMs, results)));
    next = last + 1;
  }
  return results;
}

/** @param before what was probed already: a reply from behind a silent hop shows how long to wait */
function send(
  { send, smallestBytes }: Prober,
  ttls: readonly number[],
  waitMs: number,
  before: readonly ProbeResult[] = [],
) {
  const asks = ttls.map((ttl) => ({ purpose: "hop" as const, ttl, sizeBytes: smallestBytes }));
  return send(asks, waitMs, ({ ttl }, waitedMs, answered) => {
    const rtts = [...before, ...answered].flatMap(({ ttl: later, outcome }) =>
      later > ttl && "rttMs" in outcome ? [outcome.rttMs] : [],
    );
    return rtts.length > 0 && waitedMs > Math.max(OVERDUE_MS, ROUND_TRIPS * Math.max(...rtts));
  });
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);
}

function isOver(
  results: readonly ProbeResult[],
  target: string,
  next: number,
  first: number,
): boolean {
  if (reachedTtl(results, target) !== null || isEnded(results)) return true;
  return next - Math.max(first, lastAnswering(results) + 1) >= GIVE_UP_AFTER;
}

/** A hop reported that packets go no further. */
function isEnded(results: readonly ProbeResult[]): boolean {
  return results.some(({ outcome }) => outcome.kind === "unreachable");
}

function reachedTtl(results: readonly ProbeResult[], target: string): number | null {
  const ttls = results.flatMap((one) => (isFromTarget(one.outcome, target) ? [one.ttl] : []));
  return ttls.length === 0 ? null : Math.min(...ttls);
}

function answeringTtls(results: readonly ProbeResult[]): readonly number[] {
  const ttls = results.flatMap((one) => (one.outcome.kind === "time-exceeded" ? [one.ttl] : []));
  return [...new Set(ttls)].sort((a, b) => a - b);
}

function lastAnswering(results: readonly ProbeResult[]): number {
  return Math.max(0, ...answeringTtls(results));
}

/** Hops before `end` that have not answered: a lost reply must not look like a silent hop. */
function silentTtls(results: readonly ProbeResult[], end: number): readonly number[] {
  const answered = new Set(answeringTtls(results));
  const sent = new Set(results.map((one) => one.ttl));
  return [...sent].filter((ttl) => ttl < end && !answered.has(ttl)).sort((a, b) => a - b);
}
