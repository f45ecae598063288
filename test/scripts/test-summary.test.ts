// The last line of npm test, which other programs read.

import { expect, it } from "vitest";
import { summary } from "../../scripts/test-summary.mjs";

const ALL_PASSED = { passed: 12, failed: 0, skipped: [], repeated: [] };

it("a clean run ends with its counts and code 0", () => {
  expect(summary(ALL_PASSED, 0, [])).toEqual({ lines: ["12 passed, 0 failed"], code: 0 });
});

it("skipped tests are listed with their reasons, and do not fail a run", () => {
  const skipped = [
    { name: "lab > wsl2", reason: "no user namespaces" },
    { name: "lab > wsl1", reason: null },
  ];
  expect(summary({ ...ALL_PASSED, skipped }, 0, [])).toEqual({
    lines: [
      "skipped: lab > wsl2 (no user namespaces)",
      "skipped: lab > wsl1 (no reason given)",
      "12 passed, 0 failed, 2 skipped",
    ],
    code: 0,
  });
});

it("tests that passed at a later try are listed with what failed before, and count as passed", () => {
  const repeated = [{ name: "lab > loss", reason: "expected a to be b" }];
  expect(summary({ ...ALL_PASSED, repeated }, 0, [])).toEqual({
    lines: ["passed at a later try: lab > loss (expected a to be b)", "12 passed, 0 failed"],
    code: 0,
  });
});

it("a step that failed counts as one, beside the tests", () => {
  const { lines, code } = summary({ passed: 3, failed: 2, skipped: [], repeated: [] }, 1, ["lint"]);
  expect(lines).toEqual(["failed: lint", "3 passed, 3 failed"]);
  expect(code).toBe(1);
});

it("a runner that wrote nothing has failed", () => {
  expect(summary(null, 1, [])).toEqual({ lines: ["0 passed, 1 failed"], code: 1 });
});

it("a runner that fails although every test passed has failed", () => {
  const { lines, code } = summary(ALL_PASSED, 1, []);
  expect(lines).toEqual(["failed: vitest ended with code 1", "12 passed, 1 failed"]);
  expect(code).toBe(1);
});
