// Child processes of the set-up: one at a time, in the checkout, and whoever stops us stops them too.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { inCheckout } from "./root.mjs";
import { withSystemFolders } from "./search-path.mjs";

// biome-ignore lint/style/noProcessEnv: the one place where the scripts read it
const environment = { ...process.env };
// With "production", React leaves out what the tests need; the bundle sets its own.
delete environment.NODE_ENV;
environment.PATH = withSystemFolders(environment.PATH);

/** What the children get, and where programs are looked for. */
export { environment };

const SIGNAL_BASE = 128;

let child = null;
let signalled = null;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => {
    signalled ??= name;
    // A terminal sends Ctrl-C to the child as well, and many programs take a second one for "at once".
    if (name !== "SIGINT" || !process.stdin.isTTY) child?.kill(name);
  });
}

/** Why a script ends early, and with which code. */
export class SetUpError extends Error {
  constructor(message, exitCode = 3) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a program with our terminal; gives its exit code, 128 + n when signal n ended it. */
export async function runHere(file, args) {
  const { code } = await run(file, args, "inherit");
  return code;
}

/** Runs a program without a word; gives its exit code and everything it said. */
export async function runQuietly(file, args, extra = {}) {
  const result = await run(file, args, ["ignore", "pipe", "pipe"], extra);
  if (signalled !== null) {
    throw new SetUpError(`stopped by ${signalled}`, codeOf(signalled));
  }
  return result;
}

function run(file, args, stdio, extra = {}) {
  return new Promise((resolve, reject) => {
    if (signalled !== null) {
      reject(new SetUpError(`stopped by ${signalled}`, codeOf(signalled)));
      return;
    }
    const options = { cwd: inCheckout(""), env: { ...environment, ...extra }, stdio };
    const started = spawn(file, args, options);
    child = started;
    let output = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    started.on("error", (cause) => {
      reject(new SetUpError(`${file} cannot be started (${cause.message})`));
    });
    started.on("close", (code, signal) => {
      child = null;
      resolve({ code: signal === null ? code : codeOf(signal), output });
    });
  });
}

function codeOf(signal) {
  return SIGNAL_BASE + constants.signals[signal];
}
