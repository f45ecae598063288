// The port to processes and files, so that tests can hand in their own.

import { type ExecFileException, execFile } from "node:child_process";
import { readdir, readlink } from "node:fs/promises";
import { constants } from "node:os";
import { EXIT, messageOf, TraceError } from "../src/errors.ts";
import { type InputLimits, readInput } from "./input-file.ts";

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
      readonly input?: string | Uint8Array;
      readonly signal?: AbortSignal;
    },
  ): Promise<CommandResult>;
  /** The file's text. Rejects as node:fs does, and as `readInput` says. */
  readText(path: string, limits?: InputLimits): Promise<string>;
  readLink(path: string): Promise<string>;
  /** Names in a folder, unsorted. */
  listDirectory(path: string): Promise<readonly string[]>;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** No program prints more; beyond, it is ended. */
const MAX_OUTPUT_BYTES = 100_000_000;

export const realSystem: System = {
  // Programs that print something and end: Node's own call, since execa takes as long to load as they all take to run.
  run: (file, args, { timeoutMs = DEFAULT_TIMEOUT_MS, input = "", signal } = {}) =>
    new Promise((resolve) => {
      const options = {
        timeout: timeoutMs,
        signal,
        killSignal: "SIGKILL",
        maxBuffer: MAX_OUTPUT_BYTES,
      } as const;
      const child = execFile(file, [...args], options, (error, stdout, stderr) => {
        const exitCode = exitCodeOf(error);
        const problem = exitCode === null ? messageOf(error) : "";
        resolve({ exitCode: exitCode ?? -1, stdout, stderr: stderr || problem });
      });
      // It may end without having read.
      child.stdin?.on("error", () => undefined).end(input);
    }),
  readText: (path, limits) => readInput(path, limits),
  readLink: (path) => readlink(path),
  listDirectory: (path) => readdir(path),
};

/** Null where it did not end by itself, or was never started. */
function exitCodeOf(error: ExecFileException | null): number | null {
  if (error === null) return 0;
  return typeof error.code === "number" ? error.code : null;
}

/** How long a program that was sent SIGTERM may take to clean up. */
const CLEAN_UP_MS = 10_000;
const SIGNAL_BASE = 128;

/**
 * Runs a program on our own terminal; it gets SIGTERM when `signal` aborts.
 * @returns its exit code, 128 + the signal's number when one ended it
 */
export async function runInherited(
  command: { readonly file: string; readonly args: readonly string[] },
  signal: AbortSignal,
): Promise<number> {
  const { execa } = await import("execa");
  const result = await execa(command.file, command.args, {
    stdio: "inherit",
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: CLEAN_UP_MS,
  });
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return SIGNAL_BASE + constants.signals[result.signal];
  throw new TraceError("cannot-run", `${command.file} cannot be run: ${messageOf(result.cause)}`, {
    exitCode: EXIT.inconclusive,
  });
}
