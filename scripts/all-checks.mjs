// What npm test does: the set-up, then type check, lint and every test; arguments go on to vitest.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environment, runHere } from "./processes.mjs";
import { say, setUp } from "./setup.mjs";
import { readStamp } from "./stamp.mjs";
import { summary } from "./test-summary.mjs";

// The build is a step of the set-up, since the lab tests run the bundle.
const STEPS = [
  { name: "type check", program: "tsc", args: ["--noEmit"] },
  { name: "lint", program: "biome", args: ["check", "."] },
];
const REPORTERS = ["--reporter=default", "--reporter=./scripts/vitest-reporter.mjs"];

/** Goes through everything even when something failed, so that one run tells all of it. */
export async function main(args) {
  await setUp({ forTests: true });
  const failedSteps = [];
  for (const { name, program, args: own } of STEPS) {
    say(`${name} (${program})`);
    if ((await runTool(program, own)) !== 0) failedSteps.push(name);
  }
  say("tests (vitest)");
  const folder = mkdtempSync(join(tmpdir(), "wsl-trace-test-"));
  const results = join(folder, "results.json");
  try {
    environment.WSL_TRACE_RESULTS = results;
    const code = await runTool("vitest", ["run", ...REPORTERS, ...args]);
    const tests = readStamp(results);
    const { lines, code: exitCode } = summary(
      tests.passed === undefined ? null : tests,
      code,
      failedSteps,
    );
    process.stdout.write(`${lines.join("\n")}\n`);
    return exitCode;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** With the Node that runs this script, whatever another one PATH has. */
function runTool(name, args) {
  return runHere(process.execPath, [join("node_modules/.bin", name), ...args]);
}
