// A folder of recordings that never grows above its limit: the oldest give way.

import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { NAMED_FILE, readInputSync } from "../input-file.ts";

export interface RecordingRing {
  /** @returns the file */
  keep(name: string, text: string): string;
  /** A line of the journal, which is cut to its second half where it has grown too long. */
  note(line: string): void;
  journal(): string;
}

const OWNER_ONLY = 0o600;
const JOURNAL = "journal.ndjson";
const MOST_JOURNAL_BYTES = 2_000_000;
const RECORDING = /^watch-.*\.ndjson$/;

/** @param mostBytes of all recordings together */
export function openRing(folder: string, mostBytes: number): RecordingRing {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const journal = join(folder, JOURNAL);
  const sizeOf = (name: string) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  const makeRoom = () => {
    const names = readdirSync(folder)
      .filter((name) => RECORDING.test(name))
      .sort();
    let bytes = names.reduce((sum, name) => sum + sizeOf(name), 0);
    for (const name of names) {
      if (bytes <= mostBytes) return;
      bytes -= sizeOf(name);
      rmSync(join(folder, name), { force: true });
    }
  };
  return {
    keep: (name, text) => {
      const file = join(folder, `watch-${name}.ndjson`);
      writeFileSync(file, text, { mode: OWNER_ONLY });
      makeRoom();
      return file;
    },
    note: (line) => {
      appendFileSync(journal, `${line}\n`, { mode: OWNER_ONLY });
      if (sizeOf(JOURNAL) > MOST_JOURNAL_BYTES) halve(journal);
    },
    journal: () => readJournal(journal),
  };
}

function readJournal(file: string): string {
  return statSync(file, { throwIfNoEntry: false }) === undefined
    ? ""
    : readInputSync(file, NAMED_FILE);
}

function halve(file: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  const beside = `${file}.partial`;
  writeFileSync(beside, lines.slice(Math.floor(lines.length / 2)).join("\n"), { mode: OWNER_ONLY });
  renameSync(beside, file);
}
