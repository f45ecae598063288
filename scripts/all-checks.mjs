// What npm test does: the set-up, then type check, lint and every test; arguments go on to vitest.

import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { closedFolder, inOpenCheckout } from "./open-checkout.mjs";
import { environment, runHere } from "./processes.mjs";
import { inCheckout } from "./root.mjs";
import { isRoot, say, setUp } from "./setup.mjs";
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
    const code = await runTests(["run", ...REPORTERS, ...args], folder);
    const tests = readStamp(results);
    const { lines, code: exitCode } = summary(
      tests.passed === undefined ? null : tests,
      code,
      failedSteps,
    );
    process.stdout.write(`${lines.join("\n")}\n`);
    return exitCode;
  } finally {
    rmSync(results, { force: true });
    rmdirSync(folder);
  }
}

/** Root's tests run the bundle as a user without privileges too, who must be able to read it. */
async function runTests(args, folder) {
  const vitest = tool("vitest", args);
  const root = inCheckout("");
  const closed = isRoot() ? closedFolder(dirname(root)) : null;
  if (closed === null) return runHere(...vitest);
  chmodSync(folder, EVERYBODY_MAY_ENTER);
  const view = join(folder, "checkout");
  mkdirSync(view);
  say(`only some users may enter ${closed}: the tests see the checkout at ${view}`);
  const [file, ...rest] = inOpenCheckout(root, view, vitest.flat());
  try {
    return await runHere(file, rest);
  } finally {
    // Never recursively: should the mount still be there, it is the checkout.
    rmdirSync(view);
  }
}

const EVERYBODY_MAY_ENTER = 0o755;

function runTool(name, args) {
  return runHere(...tool(name, args));
}

/** With the Node that runs this script, whatever another one PATH has. */
function tool(name, args) {
  return [process.execPath, [join("node_modules/.bin", name), ...args]];
}
