// Statistics of rounds: the same as over all samples, without keeping them.

import { describe, expect, it } from "vitest";
import type { HopRounds } from "../../../src/model/watch.ts";
import type { ProbeOutcome } from "../../../src/schema/events/probe.ts";
import { watchedHop, withRound } from "../../../src/watch/hop-rounds.ts";

const answered = (rttMs: number, from = "192.0.2.1"): ProbeOutcome => ({
  kind: "time-exceeded",
  from,
  rttMs,
  replyTtl: 64,
});
const lost: ProbeOutcome = { kind: "no-reply", waitedMs: 100 };

const rounds = (outcomes: readonly ProbeOutcome[]): readonly HopRounds[] =>
  outcomes.reduce<readonly HopRounds[]>(
    (hops, outcome) => withRound(hops, [{ ttl: 1, outcome, labels: [] }]),
    [],
  );

describe("rounds of a hop", () => {
  it("add up to mean, sample deviation, jitter, extremes and loss", () => {
    const [hop] = rounds([answered(2), lost, answered(4), answered(9)]).map(watchedHop);
    expect(hop).toMatchObject({ sent: 4, lost: 1, lastMs: 9, bestMs: 2, worstMs: 9, meanMs: 5 });
    // Differences 2 and 5; squares 9, 1 and 16 of three answers.
    expect(hop?.jitterMs).toBeCloseTo(3.5);
    expect(hop?.deviationMs).toBeCloseTo(Math.sqrt(26 / 2));
  });

  it("have neither deviation nor jitter of one answer, and nothing of none", () => {
    const [one] = rounds([answered(2)]).map(watchedHop);
    const [none] = rounds([lost, lost]).map(watchedHop);
    expect(one).toMatchObject({ meanMs: 2, deviationMs: null, jitterMs: null });
    expect(none).toMatchObject({ sent: 2, lost: 2, meanMs: null, bestMs: null, from: [] });
  });

  it("take no more memory however many there are", () => {
    const many = Array.from({ length: 2000 }, (_, n) => answered(n % 7, `192.0.2.${n % 100}`));
    const few = JSON.stringify(rounds(many.slice(0, 1000))).length;
    expect(JSON.stringify(rounds(many)).length).toBeLessThan(few * 1.1);
  });

  it("do not count what the kernel refused to send", () => {
    expect(rounds([{ kind: "send-failed", error: "EPERM" }])).toEqual([]);
  });
});
