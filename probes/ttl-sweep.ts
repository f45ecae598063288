// The hops of the path: TTLs in flight together, without one probe more than needed to the target.

import { isFromTarget } from "../src/model/subject.ts";
import type { Asked, Asker } from "./ask.ts";

export interface SweepResult {
  /** TTL at which the target itself answered, null when it did not. */
  readonly reachedTtl: number | null;
  /** TTLs at which a router answered. */
  readonly answering: readonly number[];
}

export interface SweepOptions {
  readonly maxHops: number;
  readonly sizeBytes: number;
  readonly waitMs: number;
}

/** Probes in flight while the distance is unknown: each beyond the target costs one of its replies. */
const WAVE = 5;
/** Silent hops in a row after which nothing more is expected. */
const GIVE_UP_AFTER = 10;
/** Initial TTLs that systems use; the next one above a reply's TTL tells its distance. */
const INITIAL_TTLS = [64, 128, 255] as const;

/** How many hops away a sender is by its reply's TTL, if both ways are equally long. */
export function distanceOf(replyTtl: number): number {
  const initial = INITIAL_TTLS.find((ttl) => ttl >= replyTtl) ?? 255;
  return initial - replyTtl + 1;
}

/** @param guess the distance that an earlier answer of the target suggests */
export async function sweepTtl(
  ask: Asker,
  target: string,
  guess: number | null,
  options: SweepOptions,
): Promise<SweepResult> {
  const asked: Asked[] = [];
  const { maxHops } = options;
  const hop = (ttl: number) => ({ purpose: "hop" as const, ttl, sizeBytes: options.sizeBytes });
  const send = async (ttls: readonly number[]) => {
    asked.push(...(await ask(ttls.map(hop), options.waitMs)));
  };
  const range = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

  let next = 1;
  if (guess !== null && guess <= maxHops) {
    await send(range(1, guess));
    next = guess + 1;
  }
  while (next <= maxHops && !isOver(asked, target, next)) {
    const last = Math.min(maxHops, next + WAVE - 1);
    await send(range(next, last));
    next = last + 1;
  }
  const reached = reachedTtl(asked, target);
  const silent = silentTtls(asked, reached ?? lastAnswering(asked) + 1);
  if (silent.length > 0) await send(silent);
  return { reachedTtl: reachedTtl(asked, target), answering: answeringTtls(asked) };
}

function isOver(asked: readonly Asked[], target: string, next: number): boolean {
  if (reachedTtl(asked, target) !== null) return true;
  const ended = asked.some(({ outcome }) => outcome.kind === "unreachable");
  return ended || next - 1 - lastAnswering(asked) >= GIVE_UP_AFTER;
}

function reachedTtl(asked: readonly Asked[], target: string): number | null {
  const ttls = asked.flatMap((one) => (isFromTarget(one.outcome, target) ? [one.ttl] : []));
  return ttls.length === 0 ? null : Math.min(...ttls);
}

function answeringTtls(asked: readonly Asked[]): readonly number[] {
  const ttls = asked.flatMap((one) => (one.outcome.kind === "time-exceeded" ? [one.ttl] : []));
  return [...new Set(ttls)].sort((a, b) => a - b);
}

function lastAnswering(asked: readonly Asked[]): number {
  return Math.max(0, ...answeringTtls(asked));
}

/** Hops before `end` that have not answered: a lost reply must not look like a silent hop. */
function silentTtls(asked: readonly Asked[], end: number): readonly number[] {
  const answered = new Set(answeringTtls(asked));
  const sent = new Set(asked.map((one) => one.ttl));
  return [...sent].filter((ttl) => ttl < end && !answered.has(ttl)).sort((a, b) => a - b);
}
