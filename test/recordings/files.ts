// The recordings as files: each `NAME.USER.ndjson.gz`, or several numbered ones, beside its golden `NAME.USER.json`.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import type { ProbeEvent } from "../../src/schema/event.ts";
import { parseRecording } from "../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../src/schema/recording-lines.ts";
import type { Outcome } from "./outcome.ts";

const FOLDER = new URL("./", import.meta.url);
const RECORDING = ".ndjson.gz";
const GOLDEN = ".json";

export interface Recording {
  /** Scenario and user, such as `wsl2-vpn.root`. */
  readonly name: string;
  /** One; more where chance decides what a run sees. */
  readonly files: readonly string[];
  /** The right outcomes: one, or those that chance chooses from. */
  readonly right: readonly Outcome[];
}

/** All of them, by name. */
export function readRecordings(): readonly Recording[] {
  const files = readdirSync(FOLDER).sort();
  return files
    .filter((file) => file.endsWith(GOLDEN))
    .map((golden) => golden.slice(0, -GOLDEN.length))
    .map((name) => ({
      name,
      files: filesOf(name, files),
      right: JSON.parse(readFileSync(new URL(name + GOLDEN, FOLDER), "utf8")),
    }));
}

/** The text of one, as `--record` wrote it. */
export function readRecordingText(file: string): string {
  return gunzipSync(readFileSync(new URL(file, FOLDER))).toString();
}

export function readEvents(file: string): readonly ProbeEvent[] {
  return parseRecording(readRecordingText(file), file);
}

/** Replaces what there was under that name. @param right the outcomes, equal ones once */
export function writeRecording(
  name: string,
  runs: readonly (readonly ProbeEvent[])[],
  right: readonly Outcome[],
): void {
  for (const old of filesOf(name, readdirSync(FOLDER))) rmSync(new URL(old, FOLDER));
  for (const [index, events] of runs.entries()) {
    const number = runs.length === 1 ? "" : `.${index + 1}`;
    const text = recordingHeader() + events.map(recordingLine).join("");
    writeFileSync(new URL(name + number + RECORDING, FOLDER), gzipSync(text, { level: 9 }));
  }
  writeFileSync(new URL(name + GOLDEN, FOLDER), `${JSON.stringify(right, null, 1)}\n`);
}

function filesOf(name: string, files: readonly string[]): readonly string[] {
  return files.filter((file) => {
    const rest = file.startsWith(`${name}.`) ? file.slice(name.length) : "";
    return rest === RECORDING || (/^\.\d+\./.test(rest) && rest.endsWith(RECORDING));
  });
}

/** Recordings that no golden belongs to: they would be tested by nobody. */
export function strayFiles(recordings: readonly Recording[]): readonly string[] {
  const known = new Set(recordings.flatMap(({ files }) => files));
  return readdirSync(FOLDER).filter((file) => file.endsWith(RECORDING) && !known.has(file));
}
