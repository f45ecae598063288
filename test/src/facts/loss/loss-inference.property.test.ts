// Loss alone is taken for dead flows hardly ever, at any rate and however often one looks: by chance, many times.

import fc from "fast-check";
import { expect, test } from "vitest";
import { deadBeyondLoss } from "../../../../src/facts/loss/loss-inference.ts";
import { propertyRuns } from "../../../builders/property-runs.ts";

test.each([50, 100, 200, 300, 440, 600, 800])(
  "%i in a thousand lost by all is no death",
  (rate) => {
    const FLOWS = 8;
    const ROUNDS = 10;
    const RUNS = propertyRuns(1500);
    const chances = fc.array(fc.integer({ min: 0, max: 999 }), {
      minLength: FLOWS * ROUNDS,
      maxLength: FLOWS * ROUNDS,
    });
    const runs = fc.sample(chances, { numRuns: RUNS, seed: rate });
    const wrong = runs.filter((run) =>
      Array.from({ length: ROUNDS }, (_, round) => round + 1).some((rounds) => {
        const flows = Array.from({ length: FLOWS }, (_, n) => {
          const own = run.slice(n * ROUNDS, n * ROUNDS + rounds);
          const missed = own.filter((chance) => chance < rate).length;
          return { missed, answered: rounds - missed };
        });
        const silent = flows.filter(({ answered }) => answered === 0);
        return (
          deadBeyondLoss(
            silent,
            flows.filter((one) => !silent.includes(one)),
          ) !== null
        );
      }),
    );
    expect(wrong.length / RUNS).toBeLessThan(1 / 300);
  },
);
