// From argv to the exit code: the grammar, the handlers behind it, and what happens when something throws.

import { createProgram } from "../commands/program.ts";
import { EXIT } from "../errors.ts";
import { reportFailure } from "./failure.ts";
import { createHandlers } from "./handlers.ts";
import { listenForEnd } from "./signals.ts";
import type { Start, Wiring } from "./wiring.ts";

export async function runProgram(start: Start): Promise<void> {
  const { own } = start;
  const wiring: Wiring = {
    ...start,
    ending: listenForEnd(own),
    print: (text) => {
      own.stdout.write(text);
    },
    notify: (line) => {
      own.stderr.write(`${line}\n`);
    },
  };
  // An error that no promise carried: without this, Node would end with the exit code of a fault that was found.
  own.on("uncaughtException", (error) => {
    own.exit(reportFailure(error, own));
  });
  own.exitCode = await exitCodeOf(wiring);
  // A reader that is slow still gets everything: leave when stdout has taken the last byte.
  own.stdout.write("", () => own.exit());
}

async function exitCodeOf(wiring: Wiring): Promise<number> {
  const { own, ending, version, print } = wiring;
  let code: number = EXIT.healthy;
  const program = createProgram(createHandlers(wiring), {
    version,
    stdout: print,
    stderr: (text) => own.stderr.write(text),
    exit: (exitCode) => {
      code = exitCode;
    },
  });
  try {
    // Without arguments: help, and that is no error.
    if (own.argv.length <= 2) program.outputHelp();
    else await program.parseAsync(own.argv);
  } catch (error) {
    code = reportFailure(error, own);
  }
  return ending.code() ?? code;
}
