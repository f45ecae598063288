// A vitest reporter: writes counts, every skipped test with its reason, and how long each part took, to the file named in
// WSL_TRACE_RESULTS. vitest's own JSON reporter leaves the reasons out.

import { writeFileSync } from "node:fs";

/** The projects of vitest.config.ts by the part that they belong to. */
const PARTS = { unit: "unit", property: "property", lab: "lab", "lab-alone": "lab" };

class CountingReporter {
  #spans = new Map();

  onInit(vitest) {
    const { testNamePattern } = vitest.config;
    // Tests that -t leaves out are skipped without a word.
    this.noNote = testNamePattern === undefined ? null : "not of the name pattern";
  }

  onTestModuleQueued(module) {
    this.#see(module);
  }

  onTestModuleEnd(module) {
    this.#see(module);
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
    const results = {
      passed: inState("passed").length,
      failed: inState("failed").length + broken.length,
      skipped,
      partsMs: Object.fromEntries(
        [...this.#spans].map(([part, { firstMs, lastMs }]) => [part, lastMs - firstMs]),
      ),
    };
    // biome-ignore lint/style/noProcessEnv: vitest gives its reporters no other way in
    writeFileSync(process.env.WSL_TRACE_RESULTS, JSON.stringify(results));
  }

  /** The parts run one after the other, so that from a part's first sign to its last is its time. */
  #see({ project }) {
    const part = PARTS[project.name] ?? project.name;
    const nowMs = performance.now();
    const { firstMs = nowMs } = this.#spans.get(part) ?? {};
    this.#spans.set(part, { firstMs, lastMs: nowMs });
  }
}

function hasFailed(module) {
  return [...module.children.allTests("failed")].length > 0;
}

// biome-ignore lint/style/noDefaultExport: vitest loads a reporter by its default export
export { CountingReporter as default };
