// The command line's grammar: commands, options and their help. What they do is handed in.

import { Command, InvalidArgumentError, Option } from "commander";
import { type ExitCode, TraceError } from "../errors.ts";
import type { Engine } from "../schema/events/run.ts";
import { ENGINES, MAX_FLOWS, TRANSFER_BYTES } from "../schema/run-choices.ts";
import { parseTarget } from "../target.ts";
import type { DropsCommand } from "./drops.ts";
import type { HostRequest } from "./host.ts";
import type { LabRun } from "./lab.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import type { PathCommand } from "./path-command.ts";
import { addDns } from "./program-dns.ts";
import { addDrops } from "./program-drops.ts";
import { addEnv, type EnvCommand } from "./program-env.ts";
import { addHost } from "./program-host.ts";
import {
  checkReport,
  readKernel,
  readMark,
  readRate,
  readSilent,
  readSnapshot,
  readTimeout,
  readTransfer,
} from "./readers.ts";
import { type TypedFlags, typedOptions } from "./typed-options.ts";

export interface Handlers {
  path(command: PathCommand): Promise<number>;
  dns(command: PathCommand): Promise<number>;
  mtu(command: PathCommand): Promise<number>;
  env(command: EnvCommand): Promise<number>;
  drops(request: DropsCommand): Promise<ExitCode>;
  host(command: HostRequest): Promise<ExitCode>;
  replay(file: string, options: { readonly json: boolean }): Promise<ExitCode>;
  explain(cause: string | undefined): Promise<ExitCode>;
  labList(): Promise<number>;
  labRun(command: LabRun): Promise<number>;
  labShell(scenario: string): Promise<number>;
  labClean(): Promise<number>;
}

export interface ProgramOutput {
  readonly version: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Called once, by the command that ran. */
  readonly exit: (code: number) => void;
}

export function createProgram(handlers: Handlers, output: ProgramOutput): Command {
  const program = new Command("wsl-trace")
    .description("Finds where packets die between a program in WSL and the internet, and why.")
    .version(output.version)
    .option("--debug", OPTION_TEXTS.debug)
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .exitOverride()
    .showHelpAfterError("(see wsl-trace --help)");
  addTracing(program, PATH, async (command) => output.exit(await handlers.path(command)));
  addTracing(program, MTU, async (command) => output.exit(await handlers.mtu(command)));
  addEnv(program, async (command) => output.exit(await handlers.env(command)));
  addDns(program, async (command) => output.exit(await handlers.dns(command)));
  addDrops(program, async (request) => output.exit(await handlers.drops(request)));
  addHost(program, async (request) => output.exit(await handlers.host(request)));
  program
    .command("replay <recording>")
    .description("diagnose a recording again")
    .option("--json", OPTION_TEXTS.json)
    .action(async (file: string, options: { json?: true }) => {
      output.exit(await handlers.replay(file, { json: options.json === true }));
    });
  program
    .command("explain [cause]")
    .description("what a cause means, why it hurts, how it is known, how to fix it")
    .action(async (cause: string | undefined) => output.exit(await handlers.explain(cause)));
  addLab(program, handlers, output);
  return program;
}

const PATH = [
  "path <target...>",
  "the whole diagnosis of the path to a host, an address or a URL",
] as const;
const MTU = [
  "mtu <target>",
  "how large packets may be, outbound over UDP, ICMP and TCP, inbound, and hop by hop",
] as const;

interface PathFlags extends TypedFlags {
  readonly once?: true;
  readonly lab?: string;
  readonly netns?: string;
  readonly inNetns?: string;
  readonly maxHops: number;
  readonly flows: number;
  readonly engine: Engine;
}

const DEFAULT_MAX_HOPS = 30;

/** A command that traces a target; what it does with it is handed in. */
function addTracing(
  program: Command,
  [usage, description]: readonly [usage: string, description: string],
  run: (command: PathCommand) => Promise<void>,
): void {
  program
    .command(usage)
    .description(description)
    .option("--json", OPTION_TEXTS.json)
    .option("--report <file>", OPTION_TEXTS.report, checkReport)
    .option("--record <file>", OPTION_TEXTS.record)
    .option("--host-snapshot <file>", 'a saved Windows snapshot, "none", or "auto": query Windows')
    .option("--lab <scenario>", OPTION_TEXTS.lab)
    .option("--once", "end when the diagnosis is there")
    .option("-4", "IPv4 only")
    .option("-6", "IPv6 only")
    .option("--port <port>", "port (default: the target's, its scheme's, else 443)")
    .option("--max-hops <n>", "maximum TTL", readHops, DEFAULT_MAX_HOPS)
    .option("-n, --no-names", "do not look up the names of routers")
    .option("--flows <n>", "source ports to probe (ECMP)", readFlows, 1)
    .addOption(
      new Option("--engine <engine>", "what sends probes: kernel sockets, or raw packets as root")
        .choices(ENGINES)
        .default(ENGINES[0]),
    )
    .option("--interface <name>", "send from this interface (DNS queries follow the routes)")
    .option(
      "--mark <value>",
      'SO_MARK of all packets (default: 0x57540000 + n), or "none"',
      readMark,
    )
    .option("--netns <name>", "from a network namespace, by name or PID, and beside it from here")
    // The run in there knows by it where it is.
    .addOption(new Option("--in-netns <name>").hideHelp())
    .option("--rate <n>", "probes a second at most (connections are not counted)", readRate)
    .option(
      "--silent-address <address>",
      'must answer no echo; "none" disables the check',
      readSilent,
    )
    .option("--timeout <seconds>", "how long a stall may last (5, 2.5s, 800ms)", readTimeout)
    .option("--transfer [bytes]", "read so much of the answer (default: 262144)", readTransfer)
    .option("--ca <file>", "trust these certificates too (PEM)")
    .option("--quiet", OPTION_TEXTS.quiet)
    .option("--no-ebpf", "load no eBPF program: watch this kernel by tracefs or counters")
    .option("--all-netns", "report drops in other network namespaces too")
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--debug", OPTION_TEXTS.debug)
    .action((typed: string | string[], flags: PathFlags) => run(readPath([typed].flat(), flags)));
}

function readPath(typed: readonly string[], flags: PathFlags): PathCommand {
  const family = flags["4"] ? 4 : flags["6"] ? 6 : null;
  const { hostSnapshot, kind } = readSnapshot(flags.hostSnapshot);
  return {
    targets: typed.map((target) => parseTarget(target, flags.port)),
    targetsAsTyped: typed,
    optionsAsTyped: typedOptions(flags),
    options: {
      family,
      timeoutMs: flags.timeout ?? null,
      maxHops: flags.maxHops,
      flows: flags.flows,
      hopNames: flags.names !== false,
      engine: flags.engine,
      ...chosen(flags),
      ...(flags.transfer === undefined
        ? {}
        : { transferBytes: flags.transfer === true ? TRANSFER_BYTES : flags.transfer }),
      ...(flags.silentAddress === undefined ? {} : { silentAddress: flags.silentAddress }),
      hostSnapshot: kind,
    },
    json: flags.json === true,
    quiet: flags.quiet === true,
    once: flags.once === true,
    recordFile: flags.record ?? null,
    reportFile: flags.report ?? null,
    hostSnapshot,
    caFile: flags.ca ?? null,
    netns: readNetns(flags),
    lab: flags.lab ?? null,
    kernel: readKernel(flags),
  };
}

/** What is absent unless it was given. */
function chosen({ interface: device, mark, inNetns: netns, rate }: PathFlags) {
  return {
    ...(device === undefined ? {} : { interface: device }),
    ...(mark === undefined ? {} : { mark }),
    ...(netns === undefined ? {} : { netns }),
    ...(rate === undefined ? {} : { rate }),
  };
}

function readNetns({ netns, lab }: PathFlags): string | null {
  if (netns !== undefined && lab !== undefined) {
    throw new TraceError("netns-in-lab", "give --netns or --lab: each says where the run is");
  }
  return netns ?? null;
}

interface LabFlags {
  readonly fix?: true;
  readonly expect?: true;
  readonly json?: true;
  readonly "4"?: true;
  readonly "6"?: true;
}

function addLab(program: Command, handlers: Handlers, output: ProgramOutput): void {
  const lab = program
    .command("lab")
    .description("the built-in lab: real namespaces, routers, servers and a VPN")
    .exitOverride();
  lab
    .command("list")
    .description("the scenarios")
    .action(async () => output.exit(await handlers.labList()));
  lab
    .command("run <scenario>")
    .description("build it, trace in it, remove it")
    .option("--fix", "run the proposed fix inside it and trace again")
    .option("--expect", "exit 0 when the scenario's own verdict came")
    .option("--json", OPTION_TEXTS.json)
    .option("-4", "IPv4 only")
    .option("-6", "IPv6 only")
    .action(async (scenario: string, flags: LabFlags) => {
      const plain = [
        ["--json", flags.json],
        ["-4", flags["4"]],
        ["-6", flags["6"]],
      ] as const;
      const extra = plain.flatMap(([name, given]) => (given ? [name] : []));
      const { fix, expect } = flags;
      const run = { scenario, fix: fix === true, expect: expect === true, targets: [], extra };
      output.exit(await handlers.labRun(run));
    });
  lab
    .command("shell <scenario>")
    .description("build it and open a shell in the distro's namespace")
    .action(async (scenario: string) => output.exit(await handlers.labShell(scenario)));
  lab
    .command("clean")
    .description("remove what a killed run has left")
    .action(async () => output.exit(await handlers.labClean()));
}

function readFlows(text: string): number {
  const flows = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (flows < 1 || flows > MAX_FLOWS) {
    throw new InvalidArgumentError(`Give a number from 1 to ${MAX_FLOWS}.`);
  }
  return flows;
}

const MAX_TTL = 255;

function readHops(text: string): number {
  const hops = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (hops < 1 || hops > MAX_TTL) throw new InvalidArgumentError("Give a number from 1 to 255.");
  return hops;
}
