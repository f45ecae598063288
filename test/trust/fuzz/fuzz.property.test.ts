// Every decoder of what others wrote, over inputs that are changed: an answer or a refusal, and what is accepted survives being written.

import { expect, test } from "vitest";
import { propertyRuns } from "../../builders/property-runs.ts";
import { DECODERS } from "./decoders.ts";
import { fuzz } from "./fuzz.ts";

const SEED = 20_261_129;

test.each(DECODERS)("$name takes whatever comes", (decoder) => {
  const { broken, accepted } = fuzz(decoder, { runs: propertyRuns(5000), seed: SEED });
  expect(broken).toBeNull();
  expect(accepted).toBeGreaterThan(0);
});
