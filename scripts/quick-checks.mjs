// What npm run check does: type check, lint, knip, and the tests that need neither network nor patience.

import { runChecks } from "./checks-and-tests.mjs";

export function main(args) {
  return runChecks(["--project", "unit", ...args]);
}
