// The inbound sweep over simulated servers with any limit, and with any loss.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { propertyRuns } from "../../builders/property-runs.ts";
import { sweptInbound } from "../../builders/sweeps.ts";

describe("a silent limit", () => {
  test("of any size is exact, within the connections that a sweep may open", async () => {
    // Every 7th of them at most: each is a run of its own, and the neighbours differ in nothing.
    const count = propertyRuns(130);
    const step = Math.floor((1499 - 589) / count);
    const limits = Array.from({ length: count }, (_, n) => 589 + n * step);
    for (const limit of limits) {
      const found = await sweptInbound({ limit });
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
