// The grammar of `wsl-trace lab`.

import type { Command } from "commander";
import type { LabRun } from "./lab.ts";
import { OPTION_TEXTS } from "./option-texts.ts";

export interface LabHandlers {
  labList(): Promise<number>;
  labRun(command: LabRun): Promise<number>;
  labShell(scenario: string): Promise<number>;
  labClean(): Promise<number>;
}

interface LabFlags {
  readonly fix?: true;
  readonly expect?: true;
  readonly json?: true;
  readonly redact?: boolean;
  readonly "4"?: true;
  readonly "6"?: true;
}

/** Adds the commands of the lab. */
export function addLab(
  program: Command,
  handlers: LabHandlers,
  exit: (code: number) => void,
): void {
  const lab = program
    .command("lab")
    .description("the built-in lab: real namespaces, routers, servers and a VPN")
    .exitOverride();
  lab
    .command("list")
    .description("the scenarios")
    .action(async () => exit(await handlers.labList()));
  lab
    .command("run <scenario>")
    .description("build it, trace in it, remove it")
    .option("--fix", "run the proposed fix inside it and trace again")
    .option("--expect", "exit 0 when the scenario's own verdict came")
    .option("--json", OPTION_TEXTS.json)
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("-4", "IPv4 only")
    .option("-6", "IPv6 only")
    .action(async (scenario: string, flags: LabFlags) => {
      const plain = [
        ["--json", flags.json],
        ["--no-redact", flags.redact === false],
        ["-4", flags["4"]],
        ["-6", flags["6"]],
      ] as const;
      const extra = plain.flatMap(([name, given]) => (given ? [name] : []));
      const { fix, expect } = flags;
      const run = { scenario, fix: fix === true, expect: expect === true, targets: [], extra };
      exit(await handlers.labRun(run));
    });
  lab
    .command("shell <scenario>")
    .description("build it and open a shell in the distro's namespace")
    .action(async (scenario: string) => exit(await handlers.labShell(scenario)));
  lab
    .command("clean")
    .description("remove what a killed run has left")
    .action(async () => exit(await handlers.labClean()));
}
