// The bundle in dist/: built again when a source has changed, and only then.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readStamp, treeDigest, writeStamp } from "./stamp.mjs";

const STAMP = "dist/.stamp.json";
const SOURCES = [
  "src",
  "probes",
  "ui",
  "scripts/build.mjs",
  "scripts/bundle-options.mjs",
  "scripts/library-types.mjs",
  "docs/schema",
  "package.json",
  "package-lock.json",
];

/** True when dist/ was made of the sources as they are now. */
export function isBundleFresh(root) {
  const { sources } = readStamp(join(root, STAMP));
  return existsSync(join(root, "dist/cli.js")) && sources === treeDigest(root, SOURCES);
}

/** Builds when needed. @param tools `runQuietly`, `notify`, `fail` */
export async function provideBundle(root, { runQuietly, notify, fail }) {
  if (isBundleFresh(root)) return;
  // Read before the build: what changes meanwhile is built the next time.
  const sources = treeDigest(root, SOURCES);
  notify("building dist/");
  const { code, output } = await runQuietly(process.execPath, ["scripts/build.mjs"]);
  if (code !== 0) throw fail(`the build failed:\n${output.trim()}`);
  writeStamp(join(root, STAMP), { sources });
}
