// The grammar of `wsl-trace host`.

import { type Command, Option } from "commander";
import type { HostRequest } from "./host.ts";
import { OPTION_TEXTS } from "./option-texts.ts";

interface HostFlags {
  readonly json?: true;
  readonly save?: string;
  readonly script?: true;
  readonly elevated?: true;
  readonly redact?: boolean;
}

/** Adds the command; `run` gets its options, read. */
export function addHost(program: Command, run: (request: HostRequest) => Promise<void>): void {
  program
    .command("host")
    .description("what Windows reports about its network, queried from WSL")
    .option("--json", "the snapshot as JSON on standard output, redacted")
    .option("--save <file>", "write the snapshot as it is to a file, for path --host-snapshot")
    .option("--elevated", "ask Windows for an administrator, and read what only that may read")
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .addOption(
      new Option("--script", "print the PowerShell collector, to run in Windows by hand").conflicts(
        ["json", "save", "elevated"],
      ),
    )
    .option("--debug", "show every query to Windows")
    .addHelpText("after", HOST_HELP)
    .action(({ json, save, script, redact, elevated }: HostFlags) =>
      run({
        json: json === true,
        saveFile: save ?? null,
        script: script === true,
        elevated: elevated === true,
        redacted: redact !== false,
      }),
    );
}

const HOST_HELP = `
Reads adapters, addresses, routes, MTUs, name servers, NRPT, VPN profiles, firewall and WSL's settings. It changes
nothing and needs no administrator. What --save writes holds real names and addresses: read it before you share it.

With --elevated Windows shows its prompt (UAC). One PowerShell says what it reads: HNS, NetNat, the Hyper-V firewall, the
switch's extensions, the last drops of Windows' filters, and for ten seconds what pktmon counts of the distro's packets: do
meanwhile, in another terminal, what fails. It comes back through a file in your folder in Windows, which is deleted.

Where Windows cannot be queried from here:
  wsl-trace host --script > collect.ps1
  powershell -NoProfile -ExecutionPolicy Bypass -File collect.ps1 > host.json      (in Windows)
  wsl-trace path example.com --host-snapshot host.json

Exit code: 0 the snapshot was read, 2 usage, 3 Windows could not be queried.
`;
