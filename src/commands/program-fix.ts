// The grammar of `wsl-trace fix`.

import type { Command } from "commander";
import type { FixRequest } from "./fix-port.ts";
import { OPTION_TEXTS } from "./option-texts.ts";

interface FixFlags {
  readonly target?: string;
  readonly from?: string;
  readonly apply?: true;
  readonly persist?: true;
  readonly undo?: true;
  readonly finish?: true;
  readonly windows?: true;
  readonly yes?: true;
  readonly forget?: true;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addFix(program: Command, run: (request: FixRequest) => Promise<void>): void {
  program
    .command("fix [cause]")
    .description("the commands that fix what the last run found, or that cause; --apply does them")
    .option("--target <target>", "trace this first, in place of the last run")
    .option("--from <recording>", "what a recording found; --apply measures it here first")
    .option("--apply", "do it, trace again, keep it where it helps, else revert")
    .option("--windows", "with --apply: in Windows too, by one elevated PowerShell")
    .option("--persist", "write the form that stays after a restart, with a backup")
    .option("--undo", "take back all that fix has changed, the newest first")
    .option("--finish", "keep what a killed --apply has left")
    .option("--yes", "do not ask")
    .option("--forget", "delete the kept run")
    .option("--debug", OPTION_TEXTS.debug)
    .action((cause: string | undefined, flags: FixFlags) =>
      run({
        cause: cause ?? null,
        target: flags.target ?? null,
        from: flags.from ?? null,
        apply: flags.apply === true,
        persist: flags.persist === true,
        undo: flags.undo === true,
        finish: flags.finish === true,
        windows: flags.windows === true,
        yes: flags.yes === true,
        forget: flags.forget === true,
      }),
    );
}
