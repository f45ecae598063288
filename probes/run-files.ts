// Files that may hold runs: those that were named, those of folders that were, and their lines one by one.

import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { RunFile } from "../src/commands/summary.ts";
import { messageOf, TraceError } from "../src/errors.ts";

const HOLDS_RUNS = /\.(?:ndjson|jsonl|json)$/;
/** Folders within folders; links are not followed. */
const MOST_DEEP = 8;
/** A report of the largest run on one line. */
const MOST_CHARACTERS = 100_000_000;

/** @throws TraceError where one of the paths is not there */
export function* runFiles(paths: readonly string[]): Generator<RunFile> {
  const folders = paths.filter((one) => kindOf(one) === "folder");
  for (const one of paths) {
    if (!folders.includes(one)) yield { path: one, machine: null, inFolder: false };
    else yield* inFolder(one, folders.length > 1 ? path.basename(path.resolve(one)) : null, 0);
  }
}

function kindOf(one: string): "folder" | "file" {
  try {
    return statSync(one).isDirectory() ? "folder" : "file";
  } catch (error) {
    throw unreadable(one, error);
  }
}

function unreadable(name: string, cause: unknown): TraceError {
  const message = `${name} cannot be read (${messageOf(cause)}): give a recording, a report in JSON, or a folder of them`;
  return new TraceError("summary-unreadable", message, { cause });
}

function* inFolder(folder: string, machine: string | null, depth: number): Generator<RunFile> {
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() && depth < MOST_DEEP)
      yield* inFolder(full, machine ?? entry.name, depth + 1);
    else if (entry.isFile() && HOLDS_RUNS.test(entry.name))
      yield { path: full, machine, inFolder: true };
  }
}

/** Whether a file of that name lies in the folder of the other. */
export function isBeside(file: string, name: string): boolean {
  return existsSync(path.join(path.dirname(file), path.basename(name)));
}

/** Its lines without their ends; null for one that is too long to be a run's. */
export async function* linesOf(file: string): AsyncGenerator<string | null> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let isTooLong = false;
  for await (const chunk of createReadStream(file)) {
    const [first = "", ...others] = decoder.write(chunk).split("\n");
    rest += first;
    for (const next of others) {
      yield isTooLong ? null : withoutReturn(rest);
      isTooLong = false;
      rest = next;
    }
    if (rest.length > MOST_CHARACTERS) {
      isTooLong = true;
      rest = "";
    }
  }
  if (isTooLong) yield null;
  else if (rest !== "") yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
