// One sentence for what stopped the tool, and the exit code that goes with it.

import { CommanderError } from "commander";
import { EXIT, messageOf, TraceError, UnsupportedProbeError } from "../errors.ts";
import { printable } from "../report/escape.ts";

/** The stack is shown only with --debug. */
export function reportFailure(
  error: unknown,
  { argv, stderr }: Pick<NodeJS.Process, "argv" | "stderr">,
): number {
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
  if (isShortOfFiles(error)) {
    stderr.write(`${MORE_FILES}\n`);
  } else if (!debug) {
    stderr.write("this should not happen: run it again with --debug, and report it\n");
  }
  return EXIT.inconclusive;
}

const MORE_FILES =
  "this process may open too few files for the report itself: allow more (ulimit -n 256), and run it again";

function isShortOfFiles(error: unknown): boolean {
  return (
    error instanceof Error && "code" in error && ["EMFILE", "ENFILE"].includes(`${error.code}`)
  );
}
