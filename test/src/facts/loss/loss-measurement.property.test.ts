// Loss that is the same for all is hardly ever taken for a limit on SYNs: by chance, many times.

import fc from "fast-check";
import { expect, test } from "vitest";
import { isOfSynsAlone } from "../../../../src/facts/loss/loss-measurement.ts";
import { propertyRuns } from "../../../builders/property-runs.ts";

test("one and the same loss passes for a limit hardly ever", () => {
  const runs = propertyRuns(2000);
  const draw = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 160, maxLength: 160 });
  const rates = [100, 200, 350, 500, 700];
  const misread = fc.sample(draw, { numRuns: runs, seed: 7 }).flatMap((chances) =>
    rates.filter((rate) => {
      const isLost = chances.map((chance) => chance < rate);
      const lost = (from: number, to: number) => isLost.slice(from, to).filter(Boolean).length;
      const count = (from: number, to: number) => ({ sent: to - from, lost: lost(from, to) });
      return isOfSynsAlone({
        ...count(0, 40),
        beside: count(40, 50),
        slow: count(50, 60),
        served: count(0, 0),
        elsewhere: count(0, 0),
        open: count(60, 160),
        start: null,
        distance: null,
        evidence: [],
      });
    }),
  );
  expect(misread.length).toBeLessThan(0.01 * runs * rates.length);
});
