// Answers of rounds folded into statistics of each TTL, in memory that does not grow.

import type { HopRounds } from "../model/watch.ts";
import type { MplsLabel, ProbeOutcome } from "../schema/events/probe.ts";
import type { WatchedHop } from "../schema/events/watch.ts";

/** One probe of a round. */
export interface RoundResult {
  readonly ttl: number;
  readonly outcome: ProbeOutcome;
  readonly labels: readonly MplsLabel[];
}

/** A sparkline is no wider. */
const SAMPLES = 60;
/** Where routers balance, one TTL has some; beyond that nobody reads them. */
const ADDRESSES = 8;

/** The statistics with one more round; a probe that the kernel refused to send is no loss. */
export function withRound(
  hops: readonly HopRounds[],
  round: readonly RoundResult[],
): readonly HopRounds[] {
  const sent = round.filter(({ outcome }) => outcome.kind !== "send-failed");
  const known = new Map(hops.map((hop) => [hop.ttl, hop]));
  for (const result of sent) {
    known.set(result.ttl, withResult(known.get(result.ttl) ?? noRounds(result.ttl), result));
  }
  return [...known.values()].toSorted((a, b) => a.ttl - b.ttl);
}

function noRounds(ttl: number): HopRounds {
  return {
    ttl,
    from: [],
    mpls: [],
    sent: 0,
    lost: 0,
    lastMs: null,
    bestMs: null,
    worstMs: null,
    meanMs: null,
    squares: 0,
    stepsMs: 0,
    steps: 0,
    samplesMs: [],
  };
}

function withResult(hop: HopRounds, { outcome, labels }: RoundResult): HopRounds {
  const rttMs = "rttMs" in outcome ? outcome.rttMs : null;
  const samplesMs = [...hop.samplesMs, rttMs].slice(-SAMPLES);
  const sent = hop.sent + 1;
  if (rttMs === null) return { ...hop, sent, lost: hop.lost + 1, samplesMs };
  const answered = sent - hop.lost;
  const before = hop.meanMs ?? rttMs;
  const meanMs = before + (rttMs - before) / answered;
  const hasStep = hop.lastMs !== null;
  const from = "from" in outcome ? [outcome.from] : [];
  return {
    ...hop,
    sent,
    samplesMs,
    from: joined(hop.from, from),
    mpls: joined(
      hop.mpls,
      labels.map(({ label }) => label),
    ),
    lastMs: rttMs,
    bestMs: Math.min(hop.bestMs ?? rttMs, rttMs),
    worstMs: Math.max(hop.worstMs ?? rttMs, rttMs),
    meanMs,
    squares: hop.squares + (rttMs - before) * (rttMs - meanMs),
    stepsMs: hop.stepsMs + (hasStep ? Math.abs(rttMs - (hop.lastMs ?? rttMs)) : 0),
    steps: hop.steps + (hasStep ? 1 : 0),
  };
}

function joined<T>(known: readonly T[], more: readonly T[]): readonly T[] {
  return [...new Set([...known, ...more])].slice(0, ADDRESSES);
}

/** What a report and a table have of it. */
export function watchedHop(hop: HopRounds): WatchedHop {
  const { ttl, from, sent, lost, lastMs, bestMs, meanMs, worstMs } = hop;
  const answered = sent - lost;
  return {
    ttl,
    from,
    sent,
    lost,
    lastMs,
    bestMs,
    meanMs,
    worstMs,
    deviationMs: answered > 1 ? Math.sqrt(hop.squares / (answered - 1)) : null,
    jitterMs: hop.steps > 0 ? hop.stepsMs / hop.steps : null,
  };
}
