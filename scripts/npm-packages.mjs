// The npm packages: installed once per lock file, and never taken for whole when they are not.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileDigest, readStamp, writeStamp } from "./stamp.mjs";

const STAMP = "node_modules/.wsl-trace.json";
// npm writes its own record of the tree as the last step of an installation.
const TREE = "node_modules/.package-lock.json";
const LOCK = "package-lock.json";
const PLATFORM = `${process.platform}-${process.arch}`;

// By itself npm waits for minutes; with "http" it prints a line for every answer, so that a stall shows.
const FETCHING = ["--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
const TALKING = ["--no-audit", "--no-fund", "--no-progress", "--loglevel=http"];
// It says nothing while it unpacks, which takes a slow disk a while.
const SILENCE_MS = 180_000;
// NODE_ENV=production or omit=dev in a user's settings would leave out the compiler and the tests.
const FLAGS = ["--include=dev", ...FETCHING, ...TALKING];

/**
 * What is in node_modules: "ready" for this lock file, "older" when it is whole but of another one,
 * else "none", which covers the remains of an installation that was killed.
 */
export function packagesState(root) {
  const { tree, lock, platform } = readStamp(join(root, STAMP));
  const whole = platform === PLATFORM && tree !== undefined && tree === digest(root, TREE);
  if (!whole) return "none";
  return lock === digest(root, LOCK) ? "ready" : "older";
}

/** Notes that node_modules holds what the lock file wants. */
export function markInstalled(root) {
  const stamp = { platform: PLATFORM, lock: digest(root, LOCK), tree: digest(root, TREE) };
  writeStamp(join(root, STAMP), stamp);
}

/** Why npm could not get a package, when it was the network or the registry; else null. */
export function registryProblem(output) {
  return NETWORK_CODES.exec(output)?.[0] ?? null;
}

const NETWORK_CODES =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR|E40[37]|E50\d|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\b/;

/** Installs when needed. @param tools `npm` (program and first arguments), `runQuietly`, `notify`, `fail` */
export async function provideNpmPackages(root, { npm, runQuietly, notify, fail }) {
  const state = packagesState(root);
  if (state === "ready") return;
  const [file, ...first] = npm;
  const limits = { silenceMs: SILENCE_MS, onProgress: progressTo(notify) };
  const run = (verb) => runQuietly(file, [...first, ...verb, ...FLAGS], limits);
  const before = readStamp(join(root, STAMP));
  // First of all: a run that is killed from here on leaves no stamp.
  rmSync(join(root, STAMP), { force: true });
  notify("installing npm packages (once, a few seconds)");
  // `npm ci` empties node_modules first; `npm install` puts everything back when it fails.
  const inPlace = ["install", "--no-save"];
  let result = await run(state === "older" ? inPlace : ["ci"]);
  if (result.code !== 0 && /\bEUSAGE\b/.test(result.output)) result = await run(inPlace);
  if (result.code === 0) {
    markInstalled(root);
    return;
  }
  const network = result.silent ? SILENT : registryProblem(result.output);
  if (network === null || state !== "older") throw fail(whyNone(network, result.output));
  if (before.tree === digest(root, TREE)) writeStamp(join(root, STAMP), before);
  notify(
    `the npm registry cannot be reached (${network}): going on with the packages of an earlier version`,
  );
}

/** npm prints a line for each answer of the registry, and nothing while it unpacks. */
function progressTo(notify) {
  let said = "";
  return (output) => {
    const count = output.match(/^npm http fetch GET 200 \S+\.tgz/gm)?.length ?? 0;
    const line = count === 0 ? "  npm: reading" : `  npm: ${count} packages fetched, unpacking`;
    if (line !== said) notify(line);
    said = line;
  };
}

const SILENT = `no answer for ${SILENCE_MS / 1000} s`;

function whyNone(network, output) {
  if (network === null) {
    const lines = output.trim().split("\n");
    const complaints = lines.filter((line) => !/^npm http /.test(line));
    return `npm could not install the packages:\n${complaints.join("\n")}`;
  }
  return `the npm packages are not here and the npm registry cannot be reached (${network}): connect, or set a registry or proxy (npm config set registry URL, npm config set proxy URL), then run this again`;
}

function digest(root, path) {
  return fileDigest(join(root, path));
}
