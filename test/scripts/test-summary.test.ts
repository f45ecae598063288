// The last line of npm test, which other programs read.

import { expect, it } from "vitest";
import { summary } from "../../scripts/test-summary.mjs";

const ALL_PASSED = { passed: 12, failed: 0, skipped: [], partsMs: { unit: 2600 } };
const CHECKS_PASSED = { failed: [], ms: 8000 };

it("a clean run ends with its counts and code 0", () => {
  expect(summary(ALL_PASSED, 0, CHECKS_PASSED)).toEqual({
    lines: ["time: check 11 s", "12 passed, 0 failed"],
    code: 0,
  });
});

it("skipped tests are listed with their reasons, and do not fail a run", () => {
  const skipped = [
    { name: "lab > wsl2", reason: "no user namespaces" },
    { name: "lab > wsl1", reason: null },
  ];
  expect(summary({ ...ALL_PASSED, skipped }, 0, CHECKS_PASSED)).toEqual({
    lines: [
      "skipped: lab > wsl2 (no user namespaces)",
      "skipped: lab > wsl1 (no reason given)",
      "time: check 11 s",
      "12 passed, 0 failed, 2 skipped",
    ],
    code: 0,
  });
});

it("each part that was run has its time, the unit tests with the checks", () => {
  const partsMs = { unit: 20_000, property: 31_400, lab: 600_000 };
  const { lines } = summary({ ...ALL_PASSED, partsMs }, 0, CHECKS_PASSED);
  expect(lines.at(-2)).toBe("time: check 28 s, property 31 s, lab 600 s");
});

it("a static check that failed counts as one, beside the tests", () => {
  const tests = { ...ALL_PASSED, passed: 3, failed: 2 };
  const { lines, code } = summary(tests, 1, { ...CHECKS_PASSED, failed: ["lint"] });
  expect(lines).toEqual(["failed: lint", "time: check 11 s", "3 passed, 3 failed"]);
  expect(code).toBe(1);
});

it("a runner that wrote nothing has failed", () => {
  expect(summary(null, 1, CHECKS_PASSED)).toEqual({
    lines: ["time: check 8 s", "0 passed, 1 failed"],
    code: 1,
  });
});

it("a runner that fails although every test passed has failed", () => {
  const { lines, code } = summary(ALL_PASSED, 1, CHECKS_PASSED);
  expect(lines).toEqual([
    "failed: vitest ended with code 1",
    "time: check 11 s",
    "12 passed, 1 failed",
  ]);
  expect(code).toBe(1);
});
