// From argv to the exit code: the grammar, the handlers behind it, and what happens when something throws.

import { existsSync } from "node:fs";
import type { Command } from "commander";
import { createProgram } from "../commands/program.ts";
import { addCompletion } from "../commands/program-completion.ts";
import { EXIT } from "../errors.ts";
import { withSystemFolders } from "../system-folders.ts";
import { reportFailure } from "./failure.ts";
import { createHandlers } from "./handlers.ts";
import { createNotices } from "./notices.ts";
import { giveUpRootFor } from "./root.ts";
import { listenForEnd } from "./signals.ts";
import type { Start, Wiring } from "./wiring.ts";

export async function runProgram(start: Start): Promise<void> {
  const { own } = start;
  const userPath = own.env.PATH;
  own.env.PATH = withSystemFolders(own.env.PATH);
  const notices = createNotices((text) => own.stderr.write(text), own.stderr.isTTY);
  const wiring: Wiring = {
    ...start,
    userPath,
    // A dumb terminal, as an editor's, has no cursor to move (terminfo's "dumb").
    canDraw: own.stdout.isTTY && own.env.TERM !== "dumb",
    ending: listenForEnd(own),
    print: (text) => {
      own.stdout.write(text);
    },
    notify: notices.notify,
    notices,
  };
  // An error that no promise carried: without this, Node would end with the exit code of a fault that was found.
  own.on("uncaughtException", (error) => {
    own.exit(reportFailure(error, own, wiring.ending.code()));
  });
  own.exitCode = await exitCodeOf(wiring);
  // A reader that is slow still gets everything: leave when stdout has taken the last byte.
  // What a write failed of is told a turn later.
  own.stdout.write("", () => setImmediate(() => own.exit(wiring.ending.code() ?? own.exitCode)));
}

/** The command that the settings file is for. */
const CONFIGURED = "path";

/** The arguments with the settings of the user's file before those that were typed. */
async function withSettings({ argv, env }: NodeJS.Process, program: Command): Promise<string[]> {
  const [node = "", script = "", command = "", ...typed] = argv;
  const folder = env.XDG_CONFIG_HOME || (env.HOME === undefined ? null : `${env.HOME}/.config`);
  const file = `${folder}/wsl-trace/config.toml`;
  if (command !== CONFIGURED || folder === null || !existsSync(file)) return argv;
  const { configuredOptions, readSettings } = await import("./config.ts");
  const options = program.commands.find((one) => one.name() === CONFIGURED)?.options ?? [];
  return [node, script, command, ...configuredOptions(readSettings(file), file, options), ...typed];
}

async function exitCodeOf(wiring: Wiring): Promise<number> {
  const { own, ending, version, print } = wiring;
  let code: number = EXIT.healthy;
  const handlers = createHandlers(wiring);
  const grammar = () =>
    createProgram(handlers, {
      version,
      stdout: print,
      stderr: (text) => own.stderr.write(text),
      exit: (exitCode) => {
        code = exitCode;
      },
    });
  const program = grammar();
  addCompletion(program, handlers, grammar);
  try {
    await giveUpRootFor(wiring);
    // Without arguments: help, and that is no error.
    if (own.argv.length <= 2) program.outputHelp();
    else await program.parseAsync(await withSettings(own, program));
  } catch (error) {
    code = reportFailure(error, own, ending.code());
  }
  return ending.code() ?? code;
}
