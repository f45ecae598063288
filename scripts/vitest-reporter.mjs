// A vitest reporter: writes counts, every skipped test with its reason, and every test that passed at a later try with
// what failed before, to the file named in WSL_TRACE_RESULTS. vitest's own JSON reporter leaves the reasons out.

import { writeFileSync } from "node:fs";

class CountingReporter {
  onInit(vitest) {
    const { testNamePattern } = vitest.config;
    // Tests that -t leaves out are skipped without a word.
    this.noNote = testNamePattern === undefined ? null : "not of the name pattern";
  }

  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    // A file that cannot be loaded, or a hook that throws: tests that would not be counted.
    const broken = modules.filter((module) => module.state() === "failed" && !hasFailed(module));
    const skipped = inState("skipped").map((test) => ({
      name: test.fullName,
      reason: test.result().note ?? this.noNote,
    }));
    const repeated = tests
      .filter((test) => test.diagnostic()?.flaky)
      .map((test) => ({
        name: test.fullName,
        reason: test.result().errors?.[0]?.message.split("\n")[0] ?? null,
      }));
    const results = {
      passed: inState("passed").length,
      failed: inState("failed").length + broken.length,
      skipped,
      repeated,
    };
    // biome-ignore lint/style/noProcessEnv: vitest gives its reporters no other way in
    writeFileSync(process.env.WSL_TRACE_RESULTS, JSON.stringify(results));
  }
}

function hasFailed(module) {
  return [...module.children.allTests("failed")].length > 0;
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export { CountingReporter as default };
