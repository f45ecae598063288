// The last words of npm test: the skipped tests with their reasons, what failed beside the tests, how long each part
// took, and the one line that counts.

const MS_PER_SECOND = 1000;

/**
 * @param tests what the reporter wrote: `{ passed, failed, skipped: [{ name, reason }], partsMs: { unit, ... } }`;
 * null when it wrote nothing
 * @param vitestCode vitest's exit code
 * @param checks the static checks: the names of those that `failed`, and how long they took together in `ms`
 */
export function summary(tests, vitestCode, checks) {
  const { passed, failed, skipped, partsMs } = tests ?? NOTHING;
  // vitest fails for more than tests: an error outside of them, or no test found.
  const unexplained = failed === 0 && vitestCode !== 0 ? 1 : 0;
  const allFailed = failed + unexplained + checks.failed.length;
  return {
    lines: [
      ...skipped.map(({ name, reason }) => `skipped: ${name} (${reason ?? "no reason given"})`),
      ...checks.failed.map((name) => `failed: ${name}`),
      ...(unexplained === 1 ? [`failed: vitest ended with code ${vitestCode}`] : []),
      timesLine(checks.ms, partsMs),
      lastLine(passed, allFailed, skipped.length),
    ],
    code: allFailed === 0 ? 0 : 1,
  };
}

const NOTHING = { passed: 0, failed: 1, skipped: [], partsMs: {} };

/** The unit tests belong to the check, as in npm run check. */
function timesLine(checksMs, { unit = 0, ...others }) {
  const parts = Object.entries({ check: checksMs + unit, ...others });
  return `time: ${parts.map(([part, ms]) => `${part} ${Math.round(ms / MS_PER_SECOND)} s`).join(", ")}`;
}

function lastLine(passed, failed, skipped) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
