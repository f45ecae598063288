// The port to processes and files, so that tests can hand in their own.

import { closeSync, openSync, writeSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { messageOf, TraceError } from "../src/errors.ts";

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface System {
  /** Runs a program without a shell; never throws for an exit code. */
  run(
    file: string,
    args: readonly string[],
    options?: {
      readonly timeoutMs?: number;
      readonly input?: string;
      readonly signal?: AbortSignal;
    },
  ): Promise<CommandResult>;
  /** The file's text. Rejects as node:fs does. */
  readText(path: string): Promise<string>;
  readLink(path: string): Promise<string>;
  /** Names in a folder, unsorted. */
  listDirectory(path: string): Promise<readonly string[]>;
}

const DEFAULT_TIMEOUT_MS = 10_000;

export const realSystem: System = {
  run: async (file, args, options = {}) => {
    // Most runs start no program at all, and execa takes its time to load.
    const { execa } = await import("execa");
    const result = await execa(file, args, {
      reject: false,
      stripFinalNewline: false,
      timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(options.input === undefined ? { stdin: "ignore" } : { input: options.input }),
      ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
    });
    return {
      exitCode: result.exitCode ?? -1,
      stdout: result.stdout,
      stderr: result.stderr || (result.exitCode === undefined ? (result.shortMessage ?? "") : ""),
    };
  },
  readText: (path) => readFile(path, "utf8"),
  readLink: (path) => readlink(path),
  listDirectory: (path) => readdir(path),
};

/** A file that grows as it is written, so that a killed run leaves what it had. */
export interface OutputFile {
  write(text: string): void;
  close(): void;
}

/** Only the owner may read it: recordings hold real names and addresses. */
const OWNER_ONLY = 0o600;

/** @throws TraceError when it cannot be made */
export function openOutput(path: string): OutputFile {
  const fd = openOrExplain(path);
  return {
    write: (text) => {
      writeSync(fd, text);
    },
    close: () => closeSync(fd),
  };
}

function openOrExplain(path: string): number {
  try {
    return openSync(path, "w", OWNER_ONLY);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): TraceError {
  const message = `${path} cannot be written (${messageOf(cause)}): name a file in a folder that you may write to`;
  return new TraceError("cannot-write", message, { cause });
}
