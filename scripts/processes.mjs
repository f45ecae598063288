// Child processes of the set-up and the checks: in the checkout, and whoever stops us stops them too.

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

const children = new Set();
let signalled = null;

for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(name, () => {
    signalled ??= name;
    // A terminal sends Ctrl-C to the child as well, and many programs take a second one for "at once".
    if (name === "SIGINT" && process.stdin.isTTY) return;
    for (const child of children) child.kill(name);
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

/**
 * Runs a program silently; gives its exit code and everything it printed.
 * @param limits `extra`: more environment; `silenceMs`: end it when it has printed nothing for so long (`silent` is then true);
 *   `onProgress`: called with the output so far, now and then, so that whoever waits sees something
 */
export async function runQuietly(file, args, limits = {}) {
  const result = await run(file, args, ["ignore", "pipe", "pipe"], limits);
  if (signalled !== null) throw stopped();
  return result;
}

function run(file, args, stdio, { extra = {}, silenceMs = null, onProgress = null } = {}) {
  if (signalled !== null) return Promise.reject(stopped());
  return new Promise((resolve, reject) => {
    const options = { cwd: inCheckout(""), env: { ...environment, ...extra }, stdio };
    const started = spawn(file, args, options);
    children.add(started);
    const watch = silenceMs === null ? null : watchSilence(started, silenceMs);
    let output = "";
    const progress = onProgress && setInterval(() => onProgress(output), PROGRESS_MS);
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding("utf8").on("data", (text) => {
        output += text;
        watch?.noteOutput();
      });
    }
    started.on("error", (cause) => {
      children.delete(started);
      clearInterval(progress);
      reject(new SetUpError(`${file} cannot be started (${cause.message})`));
    });
    started.on("close", (code, signal) => {
      children.delete(started);
      clearInterval(progress);
      const silent = watch?.end() ?? false;
      resolve({ code: signal === null ? code : codeOf(signal), output, silent });
    });
  });
}

// As long as somebody looks at a still screen without a doubt.
const PROGRESS_MS = 3000;

// Time for a program that was asked to end to put things back.
const GRACE_MS = 5000;

/** Asks a program to end when it stays silent for too long, harder after a while. */
function watchSilence(started, silenceMs) {
  let silent = false;
  const stop = () => {
    silent = true;
    started.kill("SIGTERM");
    timer = setTimeout(() => started.kill("SIGKILL"), GRACE_MS);
  };
  let timer = setTimeout(stop, silenceMs);
  return {
    noteOutput: () => {
      if (!silent) timer.refresh();
    },
    end: () => {
      clearTimeout(timer);
      return silent;
    },
  };
}

function stopped() {
  return new SetUpError(`stopped by ${signalled}`, codeOf(signalled));
}

function codeOf(signal) {
  return SIGNAL_BASE + constants.signals[signal];
}
