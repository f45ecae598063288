// What npm test does: the set-up, then type check, lint, knip and every test; arguments go on to vitest.

import { runChecks } from "./checks-and-tests.mjs";
import { PACKAGES, TEST_PACKAGES } from "./debian-packages.mjs";
import { setUp } from "./setup.mjs";

export async function main(args) {
  // The build is a step of it, since the lab tests run the bundle.
  await setUp({ packages: [...PACKAGES, ...TEST_PACKAGES] });
  return runChecks(args);
}
