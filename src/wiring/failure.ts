// One sentence for what stopped the tool, and the exit code that goes with it.

import { CommanderError } from "commander";
import { EXIT, messageOf, TraceError, UnsupportedProbeError } from "../errors.ts";
import { printable } from "../report/escape.ts";
import { systemProblem } from "./system-problem.ts";

/**
 * The stack is shown only with --debug.
 * @param endedEarly the exit code of the signal that ended the run, if one did
 */
export function reportFailure(
  error: unknown,
  { argv, stderr }: Pick<NodeJS.Process, "argv" | "stderr">,
  endedEarly: number | null = null,
): number {
  // What a signal cut short is no failure: its code says all.
  if (endedEarly !== null && isCut(error)) return endedEarly;
  // Commander has printed its own sentence; help and version are no errors.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.healthy : EXIT.usage;
  }
  const debug = argv.includes("--debug");
  // A file's name or content, or Windows' words, may stand in it: nothing of that may move the cursor.
  if (debug && error instanceof Error) {
    const lines = (error.stack ?? error.message).split("\n");
    stderr.write(`${lines.map(printable).join("\n")}\n`);
  }
  stderr.write(`wsl-trace: ${printable(messageOf(error))}\n`);
  if (error instanceof TraceError) return error.exitCode;
  if (error instanceof UnsupportedProbeError) return EXIT.inconclusive;
  const system = systemProblem(error);
  if (system !== null) stderr.write(`${system.advice} (${system.code})\n`);
  else if (!debug) {
    stderr.write("this should not happen: run it again with --debug, and report it\n");
  }
  return EXIT.inconclusive;
}

/** By the name of the signal (`signals.ts`) or of the key, or as Node and execa name it. */
function isCut(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { isCanceled } = Object.assign({ isCanceled: false }, error);
  return (
    error.name === "AbortError" ||
    isCanceled === true ||
    /^(SIG[A-Z]+|Ctrl-C|q)$/.test(error.message)
  );
}
