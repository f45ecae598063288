// Type check, lint and knip, side by side: what can be checked without running anything.

import { join } from "node:path";
import { runQuietly } from "./processes.mjs";

const CHECKS = [
  { name: "type check", program: "tsc", args: ["--noEmit"] },
  { name: "lint", program: "biome", args: ["check", "."] },
  { name: "knip", program: "knip", args: [] },
];

/**
 * Goes through all of them even when one failed, and gives the names of those that did.
 * @param show gets the output of each that failed, in their order
 */
export async function failedChecks(show) {
  const results = await Promise.all(
    CHECKS.map(async ({ name, program, args }) => ({
      name,
      ...(await runQuietly(...tool(program, args))),
    })),
  );
  const failed = results.filter(({ code }) => code !== 0);
  for (const { name, output } of failed) show(`${name}:\n${output.trimEnd()}\n`);
  return failed.map(({ name }) => name);
}

/** A program of node_modules, with the Node that runs this script, whatever another one PATH has. */
export function tool(name, args) {
  return [process.execPath, [join("node_modules/.bin", name), ...args]];
}
