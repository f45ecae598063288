// The grammar of `wsl-trace run`.

import { type Command, InvalidArgumentError } from "commander";
import { TraceError } from "../errors.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import { checkReport, readKernel, readRedaction, readSnapshot, readTimeout } from "./readers.ts";
import type { RunRequest } from "./run.ts";

interface RunFlags {
  readonly pid?: number;
  readonly exitVerdict?: true;
  readonly json?: true;
  readonly report?: string;
  readonly record?: string;
  readonly otlp?: string;
  readonly hostSnapshot?: string;
  readonly ca?: string;
  readonly timeout?: number;
  readonly ebpf?: boolean;
  readonly redact?: boolean;
  readonly redactTarget?: true;
}

/** Adds the command; `run` gets its options, read and checked. */
export function addRun(program: Command, run: (request: RunRequest) => Promise<void>): void {
  program
    .command("run [program] [args...]")
    .description("a program as it is, and where its packets disappear when it hangs or fails")
    .option("--pid <n>", "look at a process that is there already", readPid)
    .option("--exit-verdict", "exit as the verdict says, not as the program did")
    .option("--json", OPTION_TEXTS.json.replace("standard output", "standard error"))
    .option("--report <file>", OPTION_TEXTS.report, checkReport)
    .option("--record <file>", OPTION_TEXTS.record)
    .option("--otlp <url>", OPTION_TEXTS.otlp)
    .option("--host-snapshot <file>", OPTION_TEXTS.snapshot)
    .option("--timeout <seconds>", "how long a stall of a probe may last", readTimeout)
    .option("--ca <file>", "certificates that probes trust too (PEM)")
    .option("--no-ebpf", "watch this kernel without an eBPF program")
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
    .option("--debug", OPTION_TEXTS.debug)
    .passThroughOptions()
    .addHelpText("after", HELP)
    .action((name: string | undefined, args: string[], flags: RunFlags) =>
      run(readRun(name, args, flags)),
    );
}

const HELP = `
The program keeps its input, output, signals and exit code; what is said of it goes to standard error. A connection is
judged after three seconds without progress, and its target is then traced as "path" does. Ctrl-C is the program's.

Exit code: the program's (126, 127: it cannot be started). --exit-verdict and --pid: 0 healthy, 1 fault or degraded, 3 inconclusive.

Examples:
  wsl-trace run -- git clone https://github.com/git/git
  wsl-trace run --report hang.html -- npm install
  wsl-trace run --pid "$(pgrep -n ssh)"
`;

const MAX_HOPS = 30;

function readRun(name: string | undefined, args: readonly string[], flags: RunFlags): RunRequest {
  const { pid } = flags;
  if ((name === undefined) === (pid === undefined)) {
    const message = "give a program, as in wsl-trace run -- curl https://github.com, or --pid";
    throw new TraceError("run-what", message);
  }
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    program: pid === undefined ? [name ?? "", ...args] : { pid },
    options: {
      family: null,
      timeoutMs: flags.timeout ?? null,
      maxHops: MAX_HOPS,
      flows: 1,
      hopNames: true,
      engine: "koffi",
      hostSnapshot: kind,
    },
    json: flags.json === true,
    exitVerdict: flags.exitVerdict === true,
    recordFile: flags.record ?? null,
    reportFile: flags.report ?? null,
    otlp: flags.otlp ?? null,
    hostSnapshot,
    caFile: flags.ca ?? null,
    kernel: readKernel({ ...(flags.ebpf === undefined ? {} : { ebpf: flags.ebpf }) }),
    redaction: readRedaction(flags),
  };
}

const MAX_PID = 4_194_304;

function readPid(text: string): number {
  const pid = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (pid < 1 || pid > MAX_PID) throw new InvalidArgumentError("Give the number of a process.");
  return pid;
}
