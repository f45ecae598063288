// The hops, over simulated networks: found, without one reply of the target more than needed.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distanceOf, sweepTtl } from "../../../probes/hops/ttl-sweep.ts";
import { isFromTarget } from "../../../src/facts/connection/subject.ts";
import { testContext } from "../../builders/context.ts";
import { TARGET } from "../../builders/events.ts";
import { type Network, type Simulation, simulate } from "../../builders/network.ts";
import { exceeded, fromTarget, NO_REPLY } from "../../builders/probes.ts";

const LINK = { mtu: 1500 };
const links = (hops: number) => Array.from({ length: hops }, () => LINK);
const range = (to: number) => Array.from({ length: to }, (_, n) => n + 1);

/** @param other the same path as another protocol finds it */
async function sweepOver(
  network: Network,
  guess: number | null,
  maxHops = 30,
  other: Network | null = null,
) {
  const context = testContext();
  const simulation = simulate(network, context);
  const beside = other === null ? null : simulate(other, context);
  const prober = ({ ask: send }: Simulation) => ({ send, smallestBytes: 36 });
  const others = () => (beside === null ? [] : [prober(beside)]);
  const result = await sweepTtl(prober(simulation), TARGET, guess, {
    maxHops,
    waitMs: 250,
    others,
  });
  const otherProbes = beside?.probes ?? [];
  return { ...result, otherProbes, probes: simulation.probes, replies: simulation.targetReplies() };
}

test.each([
  { replyTtl: 64, hops: 1 },
  { replyTtl: 60, hops: 5 },
  { replyTtl: 128, hops: 1 },
  { replyTtl: 120, hops: 9 },
  { replyTtl: 255, hops: 1 },
  { replyTtl: 250, hops: 6 },
  { replyTtl: 65, hops: 64 },
  { replyTtl: 1, hops: 64 },
])("a reply with TTL $replyTtl comes from $hops hops away", ({ replyTtl, hops }) => {
  expect(distanceOf(replyTtl)).toBe(hops);
});

test("only the target's own answers are the target's", () => {
  expect(isFromTarget(fromTarget(), TARGET)).toBe(true);
  expect(
    isFromTarget({ kind: "reply", with: "data", from: TARGET, rttMs: 1, replyTtl: 60 }, TARGET),
  ).toBe(true);
  expect(isFromTarget(fromTarget("192.0.2.1"), TARGET)).toBe(false);
  expect(isFromTarget(exceeded(TARGET), TARGET)).toBe(false);
  expect(isFromTarget(NO_REPLY, TARGET)).toBe(false);
});

describe("a sweep", () => {
  test.each([1, 2, 5, 9, 16, 30])("of %d hops finds each of them and the target", async (hops) => {
    for (const guess of [null, hops]) {
      const { reachedTtl, answering, probes } = await sweepOver({ links: links(hops) }, guess);
      expect(reachedTtl).toBe(hops);
      expect(answering).toEqual(range(hops - 1));
      expect(probes.length).toBeLessThanOrEqual(hops + 4);
    }
  });

  test("that knows the distance costs the target one reply", async () => {
    expect((await sweepOver({ links: links(9) }, 9)).replies).toBe(1);
  });

  test("that does not costs it no more than what is in flight together", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), async (hops) => {
        const { replies, reachedTtl } = await sweepOver({ links: links(hops) }, null);
        expect(reachedTtl).toBe(hops);
        expect(replies).toBeLessThanOrEqual(5);
      }),
    );
  });

  test("whose guess is too short or too long still finds the target", async () => {
    expect((await sweepOver({ links: links(9) }, 4)).reachedTtl).toBe(9);
    expect((await sweepOver({ links: links(4) }, 9)).reachedTtl).toBe(4);
    expect((await sweepOver({ links: links(4) }, 200)).reachedTtl).toBe(4);
  });

  test("goes past silent hops, probes them twice, and no other", async () => {
    const { answering, probes, reachedTtl } = await sweepOver(
      { links: links(7), silent: [2, 5] },
      7,
    );
    expect(reachedTtl).toBe(7);
    expect(answering).toEqual([1, 3, 4, 6]);
    const results = range(7).map((ttl) => probes.filter((probe) => probe.ttl === ttl).length);
    expect(results).toEqual([1, 2, 1, 1, 2, 1, 1]);
  });

  test("probes silent hops with another protocol, and nothing else", async () => {
    const network = { links: links(7), silent: [2, 5] };
    const { otherProbes, answering } = await sweepOver(network, 7, 30, { links: links(7) });
    expect(otherProbes.map(({ ttl, outcome }) => [ttl, outcome.kind])).toEqual([
      [2, "time-exceeded"],
      [5, "time-exceeded"],
    ]);
    expect(answering).toEqual([1, 3, 4, 6]);
    const whole = await sweepOver({ links: links(7) }, 7, 30, { links: links(7) });
    expect(whole.otherProbes).toEqual([]);
  });

  test("lets another protocol find the target that is silent to the first", async () => {
    const silent = { links: links(6), targetSilent: true };
    const { otherProbes, reachedTtl } = await sweepOver(silent, null, 30, { links: links(6) });
    expect(reachedTtl).toBeNull();
    const reached = otherProbes.filter(({ outcome }) => isFromTarget(outcome, TARGET));
    expect(Math.min(...reached.map(({ ttl }) => ttl))).toBe(6);
    expect(Math.min(...otherProbes.map(({ ttl }) => ttl))).toBe(6);
  });

  test("takes a lost reply for no silent hop", async () => {
    const { answering } = await sweepOver({ links: links(6), lost: (n) => n === 2 }, 6);
    expect(answering).toEqual(range(5));
  });

  test("finds the target at its own distance when its first reply was lost", async () => {
    const network = { links: links(3), lost: (n: number) => n === 2 };
    expect((await sweepOver(network, null)).reachedTtl).toBe(3);
  });

  test("keeps the routers of a target that is silent, and gives up behind them", async () => {
    const { reachedTtl, answering, probes } = await sweepOver(
      { links: links(6), targetSilent: true },
      null,
    );
    expect(reachedTtl).toBeNull();
    expect(answering).toEqual(range(5));
    expect(probes.length).toBeLessThanOrEqual(5 + 15);
  });

  test("of a network where nobody answers ends after a few probes", async () => {
    const silent = range(30);
    const { reachedTtl, answering, probes } = await sweepOver({ links: links(30), silent }, null);
    expect([reachedTtl, answering]).toEqual([null, []]);
    expect(probes.length).toBeLessThanOrEqual(10);
  });

  test("never probes beyond the maximum TTL", async () => {
    const { probes, reachedTtl } = await sweepOver({ links: links(12) }, null, 7);
    expect(reachedTtl).toBeNull();
    expect(Math.max(...probes.map(({ ttl }) => ttl))).toBe(7);
  });

  test("is over, in bounds and right about the routers, whatever is silent or lost", async () => {
    const network = fc.record({
      hops: fc.integer({ min: 1, max: 20 }),
      silent: fc.uniqueArray(fc.integer({ min: 1, max: 20 })),
      lost: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
      guess: fc.option(fc.integer({ min: 1, max: 64 })),
    });
    await fc.assert(
      fc.asyncProperty(network, async ({ hops, silent, lost, guess }) => {
        const found = await sweepOver(
          { links: links(hops), silent, lost: (n) => lost.includes(n) },
          guess,
        );
        expect(found.probes.length).toBeLessThanOrEqual(60);
        expect(found.reachedTtl === null || found.reachedTtl >= hops).toBe(true);
        expect(found.answering.filter((ttl) => ttl >= hops || silent.includes(ttl))).toEqual([]);
      }),
    );
  });
});
