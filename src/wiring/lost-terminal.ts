// A terminal that goes away while the tool runs: its window closed, or its connection lost.

import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

/** Standard input, output and error. */
const STANDARD_STREAMS = [0, 1, 2] as const;

/**
 * Node 20 gives its terminals their settings back at its exit, and aborts where one refuses (node.cc, ResetStdio):
 * what was a terminal and is none any more is an empty file before that.
 */
export function replaceLostTerminalsAtExit(own: Pick<NodeJS.Process, "on">): void {
  const terminals = STANDARD_STREAMS.filter((fd) => isatty(fd));
  own.on("exit", () => {
    for (const fd of terminals) if (!isatty(fd)) replace(fd);
  });
}

function replace(fd: number): void {
  try {
    closeSync(fd);
    // Gets the lowest number that is free (open(2)), which is the one just closed.
    openSync("/dev/null", "r+");
  } catch {
    // Closed already: nothing of it is left that could refuse.
  }
}
