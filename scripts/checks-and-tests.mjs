// The static checks and then vitest, in one run with one end, of which npm run check does a part and npm test all.

import { chmodSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { closedFolder, inOpenCheckout } from "./open-checkout.mjs";
import { environment, runHere } from "./processes.mjs";
import { inCheckout } from "./root.mjs";
import { isRoot, notify } from "./setup.mjs";
import { readStamp } from "./stamp.mjs";
import { failedChecks, tool } from "./static-checks.mjs";
import { summary } from "./test-summary.mjs";

const REPORTERS = ["--reporter=default", "--reporter=./scripts/vitest-reporter.mjs"];

/** Goes through everything even when something failed, so that one run reports all of it; gives the exit code. */
export async function runChecks(vitestArgs) {
  const startedMs = performance.now();
  notify("type check, lint, knip");
  const failed = await failedChecks((output) => process.stdout.write(output));
  const checks = { failed, ms: performance.now() - startedMs };
  notify("tests (vitest)");
  const folder = mkdtempSync(join(tmpdir(), "wsl-trace-test-"));
  const results = join(folder, "results.json");
  try {
    environment.WSL_TRACE_RESULTS = results;
    const code = await runTests(["run", ...REPORTERS, ...vitestArgs], folder);
    const tests = readStamp(results);
    const { lines, code: exitCode } = summary(
      tests.passed === undefined ? null : tests,
      code,
      checks,
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
  notify(`only some users may enter ${closed}: the tests see the checkout at ${view}`);
  const [file, ...rest] = inOpenCheckout(root, view, vitest.flat());
  try {
    return await runHere(file, rest);
  } finally {
    // Never recursively: should the mount still be there, it is the checkout.
    rmdirSync(view);
  }
}

const EVERYBODY_MAY_ENTER = 0o755;
