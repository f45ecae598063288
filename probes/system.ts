// The port to processes and files, so that tests can hand in their own.

import { readFile, readlink } from "node:fs/promises";
import { execa } from "execa";

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
}

const DEFAULT_TIMEOUT_MS = 10_000;

export const realSystem: System = {
  run: async (file, args, options = {}) => {
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
};
