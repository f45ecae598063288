// Starts a program as the user's shell would, or finds one that is there; its input, output and signals stay its own.

import { type ChildProcess, spawn } from "node:child_process";
import { kill } from "node:process";
import { EXIT, TraceError } from "../../src/errors.ts";
import type { ProgramEnd, StartedProgram } from "../../src/program/port.ts";
import { programName, sharesNetwork } from "./process-tree.ts";

/** As env(1) and nohup(1) have them. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export type Started =
  | { readonly kind: "started"; readonly program: StartedProgram; readonly child: ChildProcess }
  | { readonly kind: "refused"; readonly exitCode: number; readonly reason: string };

/** @param env the user's own, whose PATH finds the program */
export function startProgram(
  [file = "", ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Started> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: "inherit", env: { ...env } });
    const ended = new Promise<ProgramEnd>((end) => {
      child.once("exit", (exitCode, signal) => end({ exitCode, signal }));
    });
    child.once("error", (error: NodeJS.ErrnoException) => {
      const exitCode = error.code === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE;
      const reason = error.code === "ENOENT" ? "command not found" : error.message;
      resolve({ kind: "refused", exitCode, reason });
    });
    child.once("spawn", () => {
      const name = file.replace(/^.*\//, "");
      const program = { pid: child.pid ?? 0, name, attached: false, ended };
      resolve({ kind: "started", program, child });
    });
  });
}

/** How often it is looked for. */
const LOOK_MS = 100;

/**
 * A process that is there; how it ends cannot be seen by who did not start it.
 * @throws TraceError where it is not there, is another user's, or sees another network
 */
export function findProgram(pid: number): StartedProgram {
  const refused = refusal(pid);
  if (refused !== null) throw refused;
  const ended = new Promise<ProgramEnd>((resolve) => {
    const timer = setInterval(() => {
      if (isThere(pid)) return;
      clearInterval(timer);
      resolve({ exitCode: null, signal: null });
    }, LOOK_MS);
    timer.unref();
  });
  return { pid, name: programName(pid), attached: true, ended };
}

function refusal(pid: number): TraceError | null {
  if (!isThere(pid)) {
    return new TraceError(
      "pid-gone",
      `there is no process ${pid}: \`pgrep -n NAME\` prints the newest of a name`,
    );
  }
  const shares = sharesNetwork(pid);
  if (shares === true) return null;
  const command = `wsl-trace run --pid ${pid}`;
  const message =
    shares === null
      ? `process ${pid} lets this user not look at it: sudo ${command}`
      : `process ${pid} sees another network: sudo nsenter --net=/proc/${pid}/ns/net ${command}`;
  return new TraceError("pid-unreadable", message, { exitCode: EXIT.inconclusive });
}

function isThere(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
