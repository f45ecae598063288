// The texts of the scripts that run in Windows.

import { readFile } from "node:fs/promises";

/** Beside this module in the sources, and beside the bundle in dist/. */
const SCRIPT = new URL("./collect.ps1", import.meta.url);

/** The text of collect.ps1, with its comments. */
export function readCollector(): Promise<string> {
  return readFile(SCRIPT, "utf8");
}

const HELPER = new URL("./helper.ps1", import.meta.url);

/** The text of helper.ps1. */
export function readHelper(): Promise<string> {
  return readFile(HELPER, "utf8");
}

const ELEVATED = new URL("./collect-elevated.ps1", import.meta.url);

/** The text of collect-elevated.ps1, which is no script without parts of collect.ps1. */
export function readElevatedPart(): Promise<string> {
  return readFile(ELEVATED, "utf8");
}
