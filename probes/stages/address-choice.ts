// Which of the target's addresses the default attempt goes to: each in turn, as programs take them, until one connects.

import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { RunningAttempt } from "../tcp/attempt.ts";
import { settledOr } from "./settled.ts";

export interface Destination {
  readonly address: string;
  readonly family: Family;
}

interface Starting {
  /** A connection as a program makes it, to the answer's first bytes. */
  readonly attempt: (to: Destination) => RunningAttempt;
  /** One that ends when it is connected. */
  readonly beside: (to: Destination, purpose: "other-family" | "other-address") => RunningAttempt;
}

export interface Choice {
  readonly to: Destination;
  readonly attempt: RunningAttempt;
  /** Ends the connections to other addresses, once those that seem dead had the time to repeat their SYN. */
  end(): Promise<void>;
}

/** When others are tried beside a first that does not answer (RFC 8305 s.5 recommends 250 ms). */
const FALLBACK_MS = 1000;
/** How long one of the others may take. */
const TURN_MS = 1500;
/** How much later one of those before it may answer, and is still a program's choice. */
const GRACE_MS = 250;

/** One SYN may be lost, and two: what seems dead is tried again for so long, with a third (RFC 6298 s.2). */
const AGAIN_MS = 2300;

interface Tried {
  readonly to: Destination;
  readonly running: RunningAttempt;
}

/** Undefined without an address. */
export async function chooseAddress(
  context: ProbeContext,
  start: Starting,
): Promise<Choice | undefined> {
  const [first, ...others] = routed(context.path());
  if (first === undefined) return undefined;
  const purposeOf = ({ family }: Destination) =>
    family === first.family ? "other-address" : "other-family";
  const tryBeside = (to: Destination): Tried => ({ to, running: start.beside(to, purposeOf(to)) });
  // One of the other family is tried at once: whether it works is worth knowing in any case.
  const ofOther = others.find(({ family }) => family !== first.family);
  const early = ofOther === undefined ? [] : [tryBeside(ofOther)];
  const attempt = start.attempt(first);
  await connectedOr(attempt, FALLBACK_MS, context);
  const tried: readonly Tried[] = isConnected(attempt)
    ? early
    : others.map((to) => early.find((one) => one.to === to) ?? tryBeside(to));
  const chosen = isConnected(attempt) ? undefined : await inTurn(attempt, tried, context);
  if (chosen === undefined) return { to: first, attempt, end: () => endAll(tried) };
  attempt.stop();
  const { to } = chosen;
  const before = others.slice(0, others.indexOf(to));
  const endMs = context.clock.now() + AGAIN_MS;
  const again = [first, ...before].map((dead) => ({
    to: dead,
    running: start.beside(dead, dead.family === to.family ? "other-address" : "other-family"),
  }));
  return {
    to,
    attempt: start.attempt(to),
    end: async () => {
      await Promise.all(again.map(({ running }) => connectedUntil(running, endMs, context)));
      await endAll([...again, ...tried]);
    },
  };
}

/** Those that packets have a way to: an address whose family has no route costs a program nothing. */
function routed({ addresses, lookups }: Path): readonly Destination[] {
  const all = addresses?.addresses ?? [];
  const reachable = all.filter(
    ({ address }) => lookups.find((one) => one.address === address)?.outcome.kind !== "no-route",
  );
  return reachable.length === 0 ? all : reachable;
}

/** The first that connects; undefined where the default attempt does after all, or nobody. */
async function inTurn(
  attempt: RunningAttempt,
  tried: readonly Tried[],
  context: ProbeContext,
): Promise<Tried | undefined> {
  if (tried.length === 0) return undefined;
  let passedMs: number | null = null;
  const passed = () => tried.find(({ running }) => isConnected(running));
  const isOver = () => {
    if (isConnected(attempt)) return true;
    const next = passed();
    if (next === undefined) return tried.every(({ running }) => running.waiting() === null);
    passedMs ??= context.clock.now();
    const before = tried.slice(0, tried.indexOf(next));
    return (
      before.every(({ running }) => running.waiting() === null) ||
      context.clock.now() - passedMs >= GRACE_MS
    );
  };
  const all = Promise.all(tried.map(({ running }) => running.done)).then(() => undefined);
  await settledOr(isOver, all, TURN_MS, context);
  return isConnected(attempt) ? undefined : passed();
}

async function endAll(tried: readonly Tried[]): Promise<void> {
  for (const { running } of tried) running.stop();
  await Promise.all(tried.map(({ running }) => running.done));
}

function connectedUntil(
  attempt: RunningAttempt,
  endMs: number,
  context: ProbeContext,
): Promise<void> {
  const limitMs = endMs - context.clock.now();
  return settledOr(() => attempt.waiting() === null, attempt.done, limitMs, context);
}

function isConnected(attempt: RunningAttempt): boolean {
  return attempt.state("connect") === "passed";
}

function connectedOr(
  attempt: RunningAttempt,
  limitMs: number,
  context: ProbeContext,
): Promise<void> {
  const isOver = () => attempt.waiting() !== "connect" || attempt.state("connect") === "stalled";
  return settledOr(isOver, attempt.decided, limitMs, context);
}
