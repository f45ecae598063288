// The grammar of `wsl-trace completion`, and of the hidden command that its scripts run.

import { Argument, type Command } from "commander";
import type { Handlers } from "./program.ts";
import { SHELLS, type Shell } from "./shells.ts";

/** @param grammar makes a program like this one, for a library that adds to what it reads */
export function addCompletion(program: Command, handlers: Handlers, grammar: () => Command): void {
  program
    .command("completion")
    .description("print the completions of a shell: source <(wsl-trace completion bash)")
    .addArgument(new Argument("<shell>").choices(SHELLS))
    .action(async (shell: Shell) => handlers.completionScript(grammar(), shell));
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action(async (words: string[]) => handlers.complete(grammar(), words));
}
