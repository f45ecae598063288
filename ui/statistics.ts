// What the probes of each TTL add up to, in the words of mtr(8) and trippy.

import type { Probe } from "../src/model/hop.ts";

export interface HopStatistics {
  readonly ttl: number;
  /** Who answered, in the order of their first answer. */
  readonly from: readonly string[];
  readonly sent: number;
  /** Probes without an answer: routers answer only so many, so that it need not be loss. */
  readonly lost: number;
  readonly lastMs: number | null;
  readonly bestMs: number | null;
  readonly meanMs: number | null;
  readonly worstMs: number | null;
  /** Standard deviation of the sample; null below two answers. */
  readonly deviationMs: number | null;
  /** Mean difference of one answer from the one before. */
  readonly jitterMs: number | null;
  /** Null: no answer. The newest last. */
  readonly samplesMs: readonly (number | null)[];
  readonly mpls: readonly number[];
  readonly evidence: readonly string[];
}

/** Of each TTL, the nearest first; probes that test sizes are lost for theirs, and are no part of it. */
export function hopStatistics(probes: readonly Probe[]): readonly HopStatistics[] {
  const counted = probes.filter(isCounted);
  const ttls = [...new Set(counted.map(({ ttl }) => ttl))].toSorted((a, b) => a - b);
  return ttls.map((ttl) => {
    const sent = counted.filter((probe) => probe.ttl === ttl);
    const samplesMs = sent.map(({ outcome }) => ("rttMs" in outcome ? outcome.rttMs : null));
    const answered = samplesMs.filter((one) => one !== null);
    const from = sent.flatMap(({ outcome }) => ("from" in outcome ? outcome.from : []));
    return {
      ttl,
      from: [...new Set(from)],
      sent: sent.length,
      lost: samplesMs.length - answered.length,
      ...spread(answered),
      samplesMs,
      mpls: [...new Set(sent.flatMap((probe) => probe.labels.map(({ label }) => label)))],
      evidence: sent.map(({ id }) => id),
    };
  });
}

function isCounted({ purpose, outcome }: Probe): boolean {
  return purpose !== "size" && outcome.kind !== "send-failed";
}

type Spread = Pick<
  HopStatistics,
  "lastMs" | "bestMs" | "meanMs" | "worstMs" | "deviationMs" | "jitterMs"
>;

function spread(answered: readonly number[]): Spread {
  const lastMs = answered.at(-1) ?? null;
  if (lastMs === null) {
    return { lastMs, bestMs: null, meanMs: null, worstMs: null, deviationMs: null, jitterMs: null };
  }
  const meanMs = mean(answered);
  const squares = answered.map((one) => (one - meanMs) ** 2);
  const steps = answered.slice(1).map((one, index) => Math.abs(one - (answered[index] ?? one)));
  const isSpread = answered.length > 1;
  return {
    lastMs,
    bestMs: Math.min(...answered),
    meanMs,
    worstMs: Math.max(...answered),
    deviationMs: isSpread
      ? Math.sqrt((mean(squares) * answered.length) / (answered.length - 1))
      : null,
    jitterMs: isSpread ? mean(steps) : null,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
