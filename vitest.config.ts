import { defineConfig } from "vitest/config";

/** They load kernel programs, count what is left on the whole machine, or measure. */
const ALONE = [
  "test/lab/{kernel,lab,host}-*.test.ts",
  "test/lab/foreign-{kernel,drops}.test.ts",
  "test/lab/{scenarios,odd-routers,transports}.test.ts",
];

const LAB = {
  include: ["test/lab/**/*.test.ts"],
  retry: 1,
  testTimeout: 180_000,
  hookTimeout: 120_000,
};

// One more try for random loss and a busy machine: npm test lists who needed it and why.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/lab/**"],
          retry: 1,
          // Generous: a busy machine is no failure.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...LAB,
          name: "lab",
          exclude: ALONE,
          // They mostly wait, each in namespaces of its own.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...LAB,
          name: "lab-alone",
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
