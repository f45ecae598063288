// What counters of this network namespace show of a few SYNs: that they were held back, or their answers dropped.

import type { Path } from "../../model/path.ts";
import type { CounterTrial } from "../../schema/events/kernel.ts";
import { perPath } from "../per-path.ts";

export type CounterVerdict =
  /** The SYNs were made here and left by no interface. */
  | "held-back"
  /** Their answers came in, and the reverse-path filter dropped them. */
  | "reverse-filtered"
  /** Their answers came in, and something else dropped them. */
  | "dropped-inbound"
  /** Neither: what is missing is missing elsewhere. */
  | "clear"
  /** Something was dropped here that other packets may explain. */
  | "unclear";

export interface CounterCheckFacts {
  readonly id: string;
  readonly verdict: CounterVerdict;
  /** SYNs of the trials that show it. */
  readonly connects: number;
  /** Each was refused by a reset or port unreachable. */
  readonly refused: boolean;
}

/** Trials of different sizes that show the same, so that no steady stream of other packets explains both. */
const MATCHES = 2;

type Count = (trial: CounterTrial) => number | null;

/** Nothing of the connection is in flight twice in a trial: the answers that are dropped here come once. */
const lostInbound: Count = ({ received, accounted }) =>
  received === null || accounted === null ? null : received - accounted;

const heldBack: Count = ({ made, transmitted }) =>
  made === null || transmitted === null ? null : made - transmitted;

const COUNTS: readonly (readonly [CounterVerdict, Count])[] = [
  ["held-back", heldBack],
  ["reverse-filtered", ({ reverseFiltered }) => reverseFiltered],
  ["dropped-inbound", lostInbound],
];

/** Null where none was made. */
export const counterCheck = perPath("counterCheck", computeCounterCheck);

function computeCounterCheck({ kernel }: Path): CounterCheckFacts | null {
  const { check } = kernel;
  if (check === null) return null;
  const { id, trials } = check;
  const refused = trials.every((trial) => trial.refused === trial.connects);
  const all = trials.reduce((sum, { connects }) => sum + connects, 0);
  if (isKeptFromDevice(trials)) {
    return { id, refused, verdict: "held-back", connects: all };
  }
  const shown = COUNTS.map(([verdict, count]) => ({ verdict, ...matchesOf(trials, count) }));
  const found = shown.find(({ isShown }) => isShown);
  if (found !== undefined) {
    return { id, refused, verdict: found.verdict, connects: found.connects };
  }
  const verdict = shown.some(({ isOpen }) => isOpen) ? "unclear" : "clear";
  return { id, refused, verdict, connects: all };
}

/**
 * The route's interface sent fewer packets, of any kind and any program, than SYNs were made: IP's own counters may hide it behind a
 * reset that a filter makes in the server's name.
 */
function isKeptFromDevice(trials: readonly CounterTrial[]): boolean {
  const sent = trials.reduce((sum, { deviceSent, connects }) => sum + (deviceSent ?? connects), 0);
  const made = trials.reduce((sum, { connects }) => sum + connects, 0);
  const fewer = trials.every(({ deviceSent, connects }) => (deviceSent ?? connects) < connects);
  return trials.length >= MATCHES && fewer && 2 * sent <= made;
}

/** Whether more trials would show no more. */
export function hasEnough(trials: readonly CounterTrial[]): boolean {
  const shown = COUNTS.map(([, count]) => matchesOf(trials, count));
  if (trials.length < MATCHES) return false;
  if (isKeptFromDevice(trials)) return true;
  return shown.some(({ isShown }) => isShown) || shown.every(({ isOpen }) => !isOpen);
}

/**
 * 1. A counter that is about them never rises by less than their number.
 * 2. Something else may add to it now and then: a repeated answer to an earlier SYN. So it has to fit in trials of two sizes, not in all.
 */
function matchesOf(trials: readonly CounterTrial[], count: Count) {
  const counted = trials.flatMap((trial) => {
    const rise = count(trial);
    return rise === null ? [] : [{ connects: trial.connects, rise }];
  });
  const never = counted.some(({ connects, rise }) => rise < connects);
  const exact = counted.filter(({ connects, rise }) => rise === connects);
  const sizes = new Set(exact.map(({ connects }) => connects));
  return {
    isShown: !never && sizes.size >= MATCHES,
    // It rose, and may be about them.
    isOpen: counted.length > 0 && !never,
    connects: exact.reduce((sum, { connects }) => sum + connects, 0),
  };
}
