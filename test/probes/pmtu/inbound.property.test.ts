// The inbound sweep over simulated servers with any limit, and with any loss.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../builders/property-runs.ts";
import { sweptInbound } from "../../builders/sweeps.ts";

const FLOOR = 576;

function limitsUpTo(top: number, count: number): readonly number[] {
  const step = Math.max(1, Math.floor((top - FLOOR) / count));
  return Array.from({ length: count }, (_, n) => Math.min(top, FLOOR + n * step));
}

describe("a silent limit", () => {
  test("of any size is exact, within the connections that a sweep may open", async () => {
    // Every 7th of them at most: each is a run of its own, and the neighbours differ in nothing.
    for (const limit of limitsUpTo(1499, propertyRuns(130))) {
      const found = await sweptInbound({ limit });
      expect([limit, found.estimate.bytes, found.estimate.exact]).toEqual([limit, limit, true]);
      expect(found.connections).toBeLessThanOrEqual(37);
    }
  });

  test("of any size is exact on a link of jumbo frames, within as many connections", async () => {
    for (const limit of [576, 1001, 1500, ...limitsUpTo(8999, propertyRuns(130))]) {
      const found = await sweptInbound({ limit, linkMtu: 9000 });
      expect([limit, found.estimate.bytes, found.estimate.exact]).toEqual([limit, limit, true]);
      expect(found.connections).toBeLessThanOrEqual(37);
    }
  });

  test("is not moved by a connection that loses a segment", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 589, max: 1499 }),
        fc.integer({ min: 1, max: 8 }),
        async (limit, n) => {
          const { estimate } = await sweptInbound({
            limit,
            lost: (connection) => connection === n,
          });
          if (estimate.exact) expect(estimate.bytes).toBe(limit);
          expect(estimate.atLeast ?? 0).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: propertyRuns(60) },
    );
  });
});
