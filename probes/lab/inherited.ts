// Runs a program on this program's own terminal, for the commands that work inside a lab.

import { constants } from "node:os";
import { execa } from "execa";
import type { Command } from "./namespace.ts";

const KILL_AFTER_MS = 5000;

/** Its exit code, or 128 + the number of the signal that ended it. Aborting asks it to end, then forces it. */
export async function runInherited(command: Command, signal: AbortSignal): Promise<number> {
  const result = await execa(command.file, command.args, {
    stdio: "inherit",
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: KILL_AFTER_MS,
  });
  if (result.exitCode !== undefined) return result.exitCode;
  const number = result.signal === undefined ? undefined : constants.signals[result.signal];
  return number === undefined ? NOT_STARTED : SIGNAL_BASE + number;
}

const SIGNAL_BASE = 128;
/** As a shell says of a program that it cannot run. */
const NOT_STARTED = 127;
