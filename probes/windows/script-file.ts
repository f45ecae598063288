// The collector's text, as people run it and as it is sent to PowerShell.

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

/** Without comment lines and indentation: the command line has little room. The script has no here-strings. */
export function compacted(script: string): string {
  return script
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .join("\n");
}
