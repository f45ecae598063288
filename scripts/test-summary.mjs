// The last words of npm test: the skipped tests with their reasons, those that passed at a later try only, and the one
// line that counts.

/**
 * @param tests what the reporter wrote: `{ passed, failed, skipped: [{ name, reason }], repeated: [{ name, reason }] }`;
 * null when it wrote nothing
 * @param vitestCode vitest's exit code
 * @param failedSteps the names of other steps that failed
 */
export function summary(tests, vitestCode, failedSteps) {
  const nothing = { passed: 0, failed: 1, skipped: [], repeated: [] };
  const { passed, failed, skipped, repeated } = tests ?? nothing;
  // vitest fails for more than tests: an error outside of them, or no test found.
  const unexplained = failed === 0 && vitestCode !== 0 ? 1 : 0;
  const allFailed = failed + unexplained + failedSteps.length;
  return {
    lines: [
      ...skipped.map(({ name, reason }) => `skipped: ${name} (${reason ?? "no reason given"})`),
      ...repeated.map(
        ({ name, reason }) => `passed at a later try: ${name} (${reason ?? "no reason given"})`,
      ),
      ...failedSteps.map((step) => `failed: ${step}`),
      ...(unexplained === 1 ? [`failed: vitest ended with code ${vitestCode}`] : []),
      lastLine(passed, allFailed, skipped.length),
    ],
    code: allFailed === 0 ? 0 : 1,
  };
}

function lastLine(passed, failed, skipped) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
