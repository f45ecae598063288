// The interval of a limit: what passed and failed sizes show, and which sizes to probe next.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  COMMON_MTUS,
  nextSizes,
  type SizeInterval,
  type SizeResult,
  sizeInterval,
} from "../../../../src/facts/size/size-interval.ts";

const passed = (sizeBytes: number): SizeResult => ({ sizeBytes, passed: true });
const stalled = (sizeBytes: number): SizeResult => ({ sizeBytes, passed: false });

describe("an interval", () => {
  test("of nothing knows nothing", () => {
    expect(sizeInterval([])).toEqual({ passed: null, failed: null, ambiguous: null, lost: [] });
  });

  test("lies between the largest that passed and the smallest above it that never did", () => {
    const results = [passed(576), passed(1400), stalled(1440), stalled(1401), passed(1280)];
    expect(sizeInterval(results)).toEqual({
      passed: 1400,
      failed: 1401,
      ambiguous: null,
      lost: [],
    });
  });

  test("takes a size that passed once for one that can pass", () => {
    const results = [
      stalled(1400),
      passed(1400),
      ...Array.from({ length: 8 }, () => stalled(1401)),
    ];
    expect(sizeInterval(results)).toMatchObject({ passed: 1400, failed: 1401 });
  });

  test("takes a limit for ambiguous that the loss below it explains, and names the next that it does not", () => {
    const below = [stalled(1280), passed(1300), passed(1400), passed(1340)];
    const some = [...below, stalled(1401), stalled(1401), stalled(1401)];
    expect(sizeInterval(some)).toMatchObject({ passed: 1400, failed: null, ambiguous: 1401 });
    const more = [...some, stalled(1440), stalled(1440), stalled(1480)];
    expect(sizeInterval(more)).toMatchObject({ passed: 1400, failed: 1440, ambiguous: 1401 });
    const enough = [...more, stalled(1401), stalled(1401)];
    expect(sizeInterval(enough)).toMatchObject({ passed: 1400, failed: 1401, ambiguous: null });
  });

  test("takes a limit for ambiguous on a path that loses packets of any size", () => {
    const results = [passed(1300), passed(1400), stalled(1401), stalled(1440)];
    expect(sizeInterval(results)).toMatchObject({ failed: 1401, ambiguous: null });
    expect(sizeInterval(results, true)).toMatchObject({ failed: null, ambiguous: 1401 });
  });

  test("calls failures at or below a size that passed lost", () => {
    const results = [
      stalled(1280),
      passed(1400),
      stalled(1400),
      ...Array.from({ length: 12 }, () => stalled(1500)),
    ];
    expect(sizeInterval(results)).toEqual({
      passed: 1400,
      failed: 1500,
      ambiguous: null,
      lost: [1280, 1400],
    });
  });

  test("has no lower end when everything stalls, and no upper end when everything passes", () => {
    expect(sizeInterval([stalled(576), stalled(1500)])).toEqual({
      passed: null,
      failed: 576,
      ambiguous: null,
      lost: [],
    });
    expect(sizeInterval([passed(576), passed(1500)])).toEqual({
      passed: 1500,
      failed: null,
      ambiguous: null,
      lost: [],
    });
  });
});

const interval = fc
  .tuple(fc.integer({ min: 68, max: 9000 }), fc.integer({ min: 1, max: 9000 }))
  .map(([above, width]) => ({ above, below: above + width }));
const candidates = fc.array(fc.integer({ min: -10, max: 70_000 }), { maxLength: 40 });
const room = fc.integer({ min: 1, max: 16 });

describe("the next sizes", () => {
  test.each(COMMON_MTUS.filter((size) => size > 1280 && size < 1500))(
    "six close the interval at a common limit of %i, which a search by halves does not",
    (limit) => {
      let [above, below, left] = [1280, 1500, 6];
      while (below - above > 1 && left > 0) {
        const sizes = nextSizes({ above, below }, COMMON_MTUS, 4, left);
        left -= sizes.length;
        above = Math.max(above, ...sizes.filter((size) => size <= limit));
        below = Math.min(below, ...sizes.filter((size) => size > limit));
      }
      expect([above, below]).toEqual([limit, limit + 1]);
    },
  );

  test("are all that is left when there is room for it", () => {
    expect(nextSizes({ above: 1400, below: 1401 }, [], 8)).toEqual([]);
    expect(nextSizes({ above: 1400, below: 1404 }, [1500], 8)).toEqual([1401, 1402, 1403]);
  });

  test("hold each candidate inside with its neighbour above", () => {
    const sizes = nextSizes({ above: 1280, below: 1500 }, [1400, 1500, 1280], 8);
    expect(sizes).toEqual(expect.arrayContaining([1400, 1401, 1281]));
    expect(sizes).not.toContain(1500);
  });

  test("lie inside the interval, ascending, each once, and no more than there is room for", () => {
    fc.assert(
      fc.property(interval, candidates, room, (within, candidate, most) => {
        const sizes = nextSizes(within, candidate, most);
        expect(sizes.length).toBeLessThanOrEqual(most);
        expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
        expect(sizes.every((size) => size > within.above && size < within.below)).toBe(true);
      }),
    );
  });

  test("are never none while a size is untried", () => {
    fc.assert(
      fc.property(interval, candidates, room, (within, candidate, most) => {
        const untried = within.below - within.above - 1;
        expect(nextSizes(within, candidate, most).length).toBeGreaterThan(untried > 0 ? 0 : -1);
      }),
    );
  });
});

/** Rounds until the interval is closed; Infinity when it never closes. */
function rounds(limit: number, below: number, candidate: readonly number[], most: number): number {
  const results = [passed(576), stalled(below)];
  for (let n = 0; n < 2000; n++) {
    const found = sizeInterval(results);
    if (found.failed === (found.passed ?? 0) + 1) {
      expect(found).toEqual({ passed: limit, failed: limit + 1, ambiguous: null, lost: [] });
      return n;
    }
    const open = { above: found.passed ?? 0, below: found.failed ?? 0 };
    for (const size of nextSizes(open, candidate, most)) {
      results.push(size <= limit ? passed(size) : stalled(size));
    }
  }
  return Number.POSITIVE_INFINITY;
}

describe("sizes probed round after round", () => {
  test("close in on any limit, whatever the candidates", () => {
    const limits = fc.integer({ min: 576, max: 1499 });
    fc.assert(
      fc.property(limits, candidates, fc.integer({ min: 4, max: 16 }), (limit, candidate, most) => {
        expect(rounds(limit, 1500, candidate, most)).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });

  test("need at most six rounds of ten between 576 and 1500 bytes", () => {
    const needed = Array.from({ length: 924 }, (_, n) => rounds(576 + n, 1500, COMMON_MTUS, 10));
    expect(Math.max(...needed)).toBeLessThanOrEqual(6);
  });

  test("find a candidate limit in the first round", () => {
    fc.assert(
      fc.property(fc.integer({ min: 577, max: 1498 }), (limit) => {
        expect(rounds(limit, 1500, [limit], 8)).toBe(1);
      }),
    );
  });

  test("close in on the limit through losses that recover when the size is probed again", () => {
    const loss = fc.infiniteStream(fc.integer({ min: 0, max: 9 }).map((n) => n === 0));
    fc.assert(
      fc.property(fc.integer({ min: 576, max: 1499 }), loss, (limit, lost) => {
        const results = [passed(576), stalled(1500)];
        for (let round = 0; round < 40; round++) {
          const repeated = retried(sizeInterval(results));
          results.push(
            ...repeated.map((size) => ({
              sizeBytes: size,
              passed: size <= limit && lost.next().value !== true,
            })),
          );
        }
        expect(sizeInterval(results)).toMatchObject({ passed: limit, failed: limit + 1 });
      }),
    );
  });
});

/** As the sweep does: a closed interval's upper end is probed once more. */
function retried({
  passed: above,
  failed: below,
  ambiguous: doubtful,
}: SizeInterval): readonly number[] {
  if (doubtful !== null) return [doubtful, doubtful, doubtful, doubtful];
  if (above === null || below === null) return [];
  const sizes = nextSizes({ above, below }, COMMON_MTUS, 10);
  return sizes.length > 0 ? sizes : [below, below];
}
