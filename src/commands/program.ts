// The command line's grammar: commands, options and their help. What they do is handed in.

import { Command, InvalidArgumentError, Option } from "commander";
import { type ExitCode, TraceError } from "../errors.ts";
import type { Engine } from "../schema/events/run.ts";
import { ENGINES, MAX_FLOWS, TRANSFER_BYTES } from "../schema/run-choices.ts";
import type { SchemaName } from "../schema/schema-names.ts";
import { parseTarget } from "../target.ts";
import type { DiffRequest } from "./diff.ts";
import type { DropsCommand } from "./drops.ts";
import { exampleLines } from "./examples.ts";
import type { FixRequest } from "./fix-port.ts";
import type { HostRequest } from "./host.ts";
import { languageOption } from "./language-option.ts";
import { OPTION_TEXTS } from "./option-texts.ts";
import type { PathCommand } from "./path-command.ts";
import { addDns } from "./program-dns.ts";
import { addDrops } from "./program-drops.ts";
import { addDoctor, addEnv, type EnvCommand } from "./program-env.ts";
import { addFix } from "./program-fix.ts";
import { addHost } from "./program-host.ts";

import { addInbound } from "./program-inbound.ts";
import { addLab, type LabHandlers } from "./program-lab.ts";
import { addDiff, addReplay, addReport } from "./program-report.ts";
import { addRun } from "./program-run.ts";
import { addSchema } from "./program-schema.ts";
import { addSummary } from "./program-summary.ts";
import { addWatch } from "./program-watch.ts";

import {
  checkReport,
  readCount,
  readKernel,
  readMark,
  readOutputs,
  readRate,
  readRedaction,
  readRounds,
  readSilent,
  readSnapshot,
  readTimeout,
  readTransfer,
} from "./readers.ts";
import type { ReplayOptions } from "./replay.ts";
import type { ReportRequest } from "./report.ts";
import type { RunRequest } from "./run.ts";
import type { Shell } from "./shells.ts";
import type { SummaryRequest } from "./summary.ts";
import { readLook, themeOption } from "./theme-option.ts";
import { type TypedFlags, typedOptions } from "./typed-options.ts";
import type { WatchRequest } from "./watch.ts";

export interface Handlers extends LabHandlers {
  path(command: PathCommand): Promise<number>;
  dns(command: PathCommand): Promise<number>;
  mtu(command: PathCommand): Promise<number>;
  inbound(command: PathCommand): Promise<number>;
  env(command: EnvCommand): Promise<number>;
  doctor(command: EnvCommand): Promise<number>;
  drops(request: DropsCommand): Promise<ExitCode>;
  run(request: RunRequest): Promise<number>;
  watch(request: WatchRequest): Promise<ExitCode>;
  host(command: HostRequest): Promise<ExitCode>;
  replay(file: string, options: ReplayOptions): Promise<ExitCode>;
  report(files: readonly string[], request: ReportRequest): Promise<ExitCode>;
  diff(request: DiffRequest): Promise<ExitCode>;
  summary(request: SummaryRequest): Promise<ExitCode>;
  schema(name: SchemaName): Promise<ExitCode>;
  explain(cause: string | undefined): Promise<ExitCode>;
  fix(request: FixRequest): Promise<number>;
  /** `grammar`: a program whose commands are only read. */
  completionScript(grammar: Command, shell: Shell): Promise<void>;
  complete(grammar: Command, words: readonly string[]): Promise<void>;
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
    // What stands behind the program of `run` is the program's.
    .enablePositionalOptions()
    .showHelpAfterError("(see wsl-trace --help)")
    .addHelpText("after", exampleLines());
  addTracing(program, PATH, async (command) => output.exit(await handlers.path(command)));
  addTracing(program, MTU, async (command) => output.exit(await handlers.mtu(command)));
  addEnv(program, async (command) => output.exit(await handlers.env(command)));
  addDoctor(program, async (command) => output.exit(await handlers.doctor(command)));
  addDns(program, async (command) => output.exit(await handlers.dns(command)));
  addInbound(program, async (command) => output.exit(await handlers.inbound(command)));
  addDrops(program, async (request) => output.exit(await handlers.drops(request)));
  addRun(program, async (request) => output.exit(await handlers.run(request)));
  addWatch(program, async (request) => output.exit(await handlers.watch(request)));
  addHost(program, async (request) => output.exit(await handlers.host(request)));
  addReplay(program, async (file, options) => output.exit(await handlers.replay(file, options)));
  addReport(program, async (files, request) => output.exit(await handlers.report(files, request)));
  addDiff(program, async (request) => output.exit(await handlers.diff(request)));
  addSummary(program, async (request) => output.exit(await handlers.summary(request)));
  addSchema(program, async (name) => output.exit(await handlers.schema(name)));
  program
    .command("explain [cause]")
    .description("what a cause means, why it hurts, how it is known, how to fix it")
    .action(async (cause: string | undefined) => output.exit(await handlers.explain(cause)));
  addFix(program, async (request) => output.exit(await handlers.fix(request)));
  addLab(program, handlers, output.exit);
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
    .option("--pcap <file>", OPTION_TEXTS.pcap)
    .option("--otlp <url>", OPTION_TEXTS.otlp)
    .option("--host-snapshot <file>", 'a saved Windows snapshot, "none", or "auto": query Windows')
    .option("--lab <scenario>", OPTION_TEXTS.lab)
    .option("--once", "end when the diagnosis is there")
    .option("--watch", OPTION_TEXTS.watch)
    .option("--rounds <n>", OPTION_TEXTS.rounds, readRounds)
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
    .option(
      "--netns <name>",
      "from a network namespace, by name or PID, then from here; no live screen",
    )
    // The run in there knows by it where it is.
    .addOption(new Option("--in-netns <name>").hideHelp())
    .option("--rate <n>", "probes a second at most (connections are not counted)", readRate)
    .option(
      "--silent-address <address>",
      'must answer no echo; "none" disables the check',
      readSilent,
    )
    .option("--timeout <seconds>", "how long a stall may last (5, 2.5s, 800ms)", readTimeout)
    .option("--no-wait", "end when the cause is known: do not wait whether a hang recovers")
    .option(
      "--transfer [bytes]",
      "read so much of the answer, and send as much (default: 262144)",
      readTransfer,
    )
    .option("--ca <file>", "trust these certificates too (PEM)")
    .addOption(themeOption())
    .option("--ascii", OPTION_TEXTS.ascii)
    .option("--quiet", OPTION_TEXTS.quiet)
    .option("--explain-run", OPTION_TEXTS.explainRun)
    .addOption(languageOption())
    .option("--no-ebpf", "load no eBPF program: watch this kernel by tracefs or counters")
    .option("--all-netns", "report drops in other network namespaces too")
    .option("--no-redact", OPTION_TEXTS.noRedact)
    .option("--redact-target", OPTION_TEXTS.redactTarget)
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
    explainRun: flags.explainRun === true,
    lang: flags.lang ?? "en",
    once: flags.once === true,
    ...readWatch(flags),
    ...readLook(flags),
    ...readOutputs(flags),
    hostSnapshot,
    caFile: flags.ca ?? null,
    netns: readNetns(flags),
    lab: flags.lab ?? null,
    kernel: readKernel(flags),
    redaction: readRedaction(flags),
  };
}

/** --rounds is a watch with an end. */
function readWatch({ watch, rounds }: PathFlags): Pick<PathCommand, "watch" | "rounds"> {
  return rounds === undefined ? { watch: watch === true } : { watch: true, rounds };
}

/** What is absent unless it was given. */
function chosen({ interface: device, mark, inNetns: netns, rate, wait }: PathFlags) {
  return {
    ...(wait === false ? { awaitRecovery: false as const } : {}),
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

function readFlows(text: string): number {
  return readCount(text, MAX_FLOWS);
}

const MAX_TTL = 255;

function readHops(text: string): number {
  const hops = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (hops < 1 || hops > MAX_TTL) throw new InvalidArgumentError("Give a number from 1 to 255.");
  return hops;
}
