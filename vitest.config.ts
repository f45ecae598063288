import { defineConfig } from "vitest/config";

/** One measures; what the other watches lasts a second. The rest counts only what is its own. */
const ALONE = ["test/lab/kernel-{flood,bindings-package}.test.ts"];

const PROPERTIES = "test/**/*.property.test.ts";

/** They run in this process's own memory: what one file has loaded, the next need not load again. */
const PURE = {
  isolate: false,
  setupFiles: "test/builders/property-seed.ts",
  // Generous: a busy machine is no failure.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

const LAB = {
  include: ["test/lab/**/*.test.ts"],
  testTimeout: 180_000,
  hookTimeout: 120_000,
  // Node parses that file at every start, and every case starts the command line.
  env: { NODE_EXTRA_CA_CERTS: "" },
};

// One part after the other, so that each has its own time; scripts/vitest-reporter.mjs names the parts.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...PURE,
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/lab/**", PROPERTIES],
        },
      },
      {
        test: {
          ...PURE,
          name: "property",
          include: [PROPERTIES],
          // All runs of one of them may take a minute on a busy machine.
          testTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...LAB,
          name: "lab",
          exclude: ALONE,
          // They mostly wait, each in namespaces of its own.
          maxWorkers: 6,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...LAB,
          name: "lab-alone",
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
