// Dead flows distinguished from loss.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadBeyondLoss, logChoose } from "../../../../src/facts/loss/loss-inference.ts";

const flow = (missed: number, answered: number) => ({ missed, answered });
const times = (count: number, one: ReturnType<typeof flow>) =>
  Array.from({ length: count }, () => one);

describe("flows that are never answered", () => {
  test.each([
    { silent: [4], others: times(7, flow(0, 4)), dead: 1 },
    { silent: [3], others: times(7, flow(0, 3)), dead: 0 },
    { silent: [3, 3], others: times(6, flow(0, 3)), dead: 2 },
    { silent: [8], others: times(7, flow(4, 4)), dead: 0 },
    { silent: [8, 8, 8, 8], others: times(4, flow(3, 5)), dead: 4 },
    { silent: [8, 8, 8, 1], others: times(5, flow(0, 2)), dead: 4 },
    { silent: [9, 9], others: times(3, flow(4, 0)), dead: 0 },
    { silent: [], others: times(8, flow(0, 9)), dead: 0 },
  ])("$silent times, beside $others: $dead are dead", ({ silent, others, dead }) => {
    const found = deadBeyondLoss(
      silent.map((missed) => flow(missed, 0)),
      others,
    );
    expect(found?.flows.length ?? 0).toBe(dead);
  });

  test("are no more dead for what the others lose, nor for positions to choose from", () => {
    const shape = fc.record({
      silent: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
      others: fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 })), { minLength: 1 }),
      starts: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(shape, ({ silent, others, starts }) => {
        const dead = silent.map((missed) => flow(missed, 0));
        const pass = others.map(([missed, answered]) => flow(missed, answered));
        const evidence = (more: number, positions: number) =>
          deadBeyondLoss(dead, [...pass, flow(more, 0)], positions)?.evidence ?? 0;
        expect(evidence(9, starts)).toBeLessThanOrEqual(evidence(0, starts));
        expect(evidence(0, starts + 1)).toBeLessThanOrEqual(evidence(0, starts));
      }),
    );
  });
});

test("the numbers of combinations are Pascal's", () => {
  expect(Math.exp(logChoose(8, 3))).toBeCloseTo(56);
  expect(logChoose(5, 0)).toBe(0);
  expect(logChoose(3, 4)).toBe(Number.NEGATIVE_INFINITY);
});
