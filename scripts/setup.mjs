// The set-up that both commands of the README share: Debian packages, npm packages, the bundle.

import { join } from "node:path";
import { provideBundle } from "./bundle.mjs";
import { PACKAGES, provideDebianPackages } from "./debian-packages.mjs";
import { provideNpmPackages } from "./npm-packages.mjs";
import { environment, runQuietly, SetUpError } from "./processes.mjs";
import { inCheckout } from "./root.mjs";
import { findProgram } from "./search-path.mjs";
import { readStamp, writeStamp } from "./stamp.mjs";

// Beside npm's packages, and gone with them: then the optional ones are tried again.
const GIVEN_UP = "node_modules/.wsl-trace-optional.json";

/**
 * Does what is not done yet, prints a line for each thing, and is quick when nothing is left.
 * @param options `packages`: which of debian-packages.mjs have to be there
 */
export async function setUp({ packages = PACKAGES } = {}) {
  const root = inCheckout("");
  const tools = {
    npm: npmCommand(),
    path: environment.PATH,
    packages,
    isRoot: isRoot(),
    runQuietly,
    notify,
    fail,
  };
  const { givenUp = [] } = readStamp(join(root, GIVEN_UP));
  // The cheapest check first: without these packages nothing else needs to be fetched.
  const unavailable = await provideDebianPackages(tools, givenUp);
  await provideNpmPackages(root, tools);
  writeStamp(join(root, GIVEN_UP), { givenUp: unavailable });
  await provideBundle(root, tools);
}

/** On standard error, so that standard output holds the report alone. */
export function notify(text) {
  process.stderr.write(`${text}\n`);
}

function fail(sentence) {
  return new SetUpError(sentence);
}

export function isRoot() {
  return process.geteuid?.() === 0;
}

/** The npm that started us, else the one in PATH. */
export function npmCommand() {
  const { npm_execpath: script } = environment;
  if (script?.endsWith("npm-cli.js")) return [process.execPath, script];
  const npm = findProgram("npm", environment.PATH);
  if (npm === null)
    throw fail("there is no npm: install it (it comes with Node), then run this again");
  return [npm];
}
