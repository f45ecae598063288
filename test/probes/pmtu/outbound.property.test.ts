// The outbound sizes over any simulated network: the right limit, or no claim, within few probes.

import fc from "fast-check";
import { expect, test } from "vitest";
import { SILENCES } from "../../../src/facts/loss/thresholds.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { sweptOutbound } from "../../builders/sweeps.ts";

const ETHERNET = { mtu: 1500 };
const PROBES = 30;

test("whatever is lost, silent or limited in rate, no claim contradicts the network", async () => {
  const link = fc.record({
    mtu: fc.integer({ min: 576, max: 1500 }),
    says: fc.boolean(),
  });
  const network = fc.record({
    links: fc.array(link, { minLength: 1, maxLength: 5 }),
    silent: fc.uniqueArray(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
    // One loss less than the silences that count: more of them, all at one size, look like a limit.
    losses: fc.array(fc.record({ n: fc.integer({ min: 0, max: 12 }), reply: fc.boolean() }), {
      maxLength: SILENCES - 1,
    }),
    targetSilent: fc.boolean(),
    burst: fc.constantFrom(1, 2, 6, Number.POSITIVE_INFINITY),
  });
  await fc.assert(
    fc.asyncProperty(network, async ({ links, losses, ...rest }) => {
      const whole = {
        ...rest,
        links: [ETHERNET, ...links],
        lost: (n: number) => losses.some((loss) => loss.n === n && !loss.reply),
        replyLost: (n: number) => losses.some((loss) => loss.n === n && loss.reply),
      };
      const { facts, probes } = await sweptOutbound(whole);
      const limit = Math.min(...links.map(({ mtu }) => mtu));
      expect(probes.length).toBeLessThanOrEqual(PROBES);
      if (facts.estimate.exact) expect(facts.estimate.bytes).toBe(limit);
      if (facts.estimate.below !== null && facts.estimate.silent && limit < 1500) {
        expect(facts.estimate.below).toBeGreaterThan(limit);
      }
    }),
    { numRuns: propertyRuns(1000) },
  );
});
