#!/usr/bin/env node
// argv -> command -> exit code: the only reader of process.*, and the place where dependencies are made.

import { setMaxListeners } from "node:events";
import { readFile } from "node:fs/promises";
import { CommanderError } from "commander";
import { readSnapshotFile, type SnapshotSource } from "../probes/host-snapshot.ts";
import { createAskHost, createProbes } from "../probes/index.ts";
import { zoneIndex } from "../probes/linux/zone-index.ts";
import { openOutput, realSystem, runInherited } from "../probes/system.ts";
import { createTlsContexts } from "../probes/trust.ts";
import { readCollector } from "../probes/windows/script-file.ts";
import { systemClock } from "./clock.ts";
import { drops } from "./commands/drops.ts";
import { env } from "./commands/env.ts";
import { explain } from "./commands/explain.ts";
import { host } from "./commands/host.ts";
import { labClean, labList, labRun, labRunOf, labShell } from "./commands/lab.ts";
import type { LabDeps } from "./commands/lab-port.ts";
import { type PathDeps, path } from "./commands/path.ts";
import { createProgram, type Handlers, type PathCommand } from "./commands/program.ts";
import type { EnvCommand } from "./commands/program-env.ts";
import { replay, unreadableRecording } from "./commands/replay.ts";
import type { DropsRequest } from "./drops-port.ts";
import { EXIT, type ExitCode, messageOf, TraceError, UnsupportedProbeError } from "./errors.ts";
import type { RunCommand } from "./model/events/run.ts";
import { PROXY_VARIABLES } from "./model/proxy.ts";
import { parseRecording } from "./model/recording.ts";
import type { Snapshot } from "./model/snapshot.ts";
import { onBrokenPipe, whenDrained } from "./output-end.ts";
import { printable } from "./report/escape.ts";
import { makeReport } from "./report/make.ts";
import { trace } from "./trace.ts";

declare const __VERSION__: string;
const VERSION = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

/** More than ever wait at once; beyond, a warning about a leak would be right. */
const MAX_WAITS = 200;

/** Signals that end a run early, with the exit code that says so (128 + number). */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const abort = new AbortController();
// Every wait of a run listens to it, and many go on at once.
setMaxListeners(MAX_WAITS, abort.signal);
let signalled: number | null = null;
const endEarly = (code: number, reason: Error) => {
  signalled ??= code;
  abort.abort(reason);
};
for (const [name, code] of Object.entries(SIGNALS)) {
  process.on(name, () => endEarly(code, new Error(name)));
}
onBrokenPipe(process.stdout, endEarly);

const print = (text: string) => {
  process.stdout.write(text);
};

const say = (line: string) => {
  process.stderr.write(`${line}\n`);
};

/** Beside the bundle in dist/, or in the sources. */
function pageFile(cause: string): URL {
  const folder = import.meta.url.includes("/dist/") ? "./rules/" : "./diagnosis/rules/";
  return new URL(`${folder}${cause}.md`, import.meta.url);
}

type Part = Exclude<RunCommand, "path">;

async function tracePath(command: PathCommand, part?: Part): Promise<ExitCode> {
  const live = part === undefined && process.stdout.isTTY && !command.json && !command.quiet;
  return path(command, {
    trace: await createTracer(command, part, live),
    show: live ? (snapshots) => show(snapshots, !command.once) : null,
    openFile: openOutput,
    print,
  });
}

/** Runs of one command: the snapshot and the certificates are read once. */
async function createTracer(
  { hostSnapshot, caFile, kernel }: Pick<PathCommand, "hostSnapshot" | "caFile" | "kernel">,
  part: Part | undefined,
  live: boolean,
): Promise<PathDeps["trace"]> {
  const source = snapshotSource(hostSnapshot);
  const snapshot = source.kind === "file" ? await readSnapshotFile(realSystem, source.path) : null;
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = process.env;
  const environmentFiles = [SSL_CERT_FILE, NODE_EXTRA_CA_CERTS];
  const tls = await createTlsContexts(realSystem, { environmentFiles, caFile });
  return async function* (target, options, record) {
    const probes = await createProbes({
      system: realSystem,
      clock: systemClock,
      tls,
      snapshotSource: source,
      snapshot,
      windows: windowsAccess(),
      session: process.pid & 0xffff,
      ...kernel,
      proxies: Object.fromEntries(PROXY_VARIABLES.map((name) => [name, process.env[name]])),
      userAgent: `wsl-trace/${VERSION}`,
      engine: options.engine,
      ...(options.interface === undefined ? {} : { device: options.interface }),
      zoneIndex,
    });
    yield* trace({
      version: VERSION,
      target,
      options,
      ...(part === undefined ? {} : { command: part }),
      probes,
      clock: systemClock,
      signal: abort.signal,
      record,
      live,
    });
  };
}

/** Steps of asking Windows are shown with --debug: what was run, for how long, and what it said. */
function windowsAccess() {
  const debugging = process.argv.includes("--debug");
  return {
    searchPath: process.env.PATH ?? "",
    debug: (line: string) => {
      if (debugging) process.stderr.write(`debug: windows: ${printable(line)}\n`);
    },
  };
}

function snapshotSource(asked: string | null): SnapshotSource {
  if (asked === null) return { kind: "auto" };
  return asked === "none" ? { kind: "none" } : { kind: "file", path: asked };
}

/** Ink is loaded only where it draws: it is most of the start-up time. */
async function show(snapshots: AsyncIterable<Snapshot>, stayOpen: boolean): Promise<void> {
  const { showSnapshots } = await import("../ui/show.tsx");
  const { NO_COLOR } = process.env;
  const outcome = await showSnapshots(snapshots, {
    stdout: process.stdout,
    stdin: process.stdin,
    colour: NO_COLOR === undefined || NO_COLOR === "",
    stayOpen,
  });
  if (outcome === "interrupted") signalled ??= SIGNALS.SIGINT;
  if (outcome !== "finished") abort.abort(new Error(outcome === "quit" ? "q" : "Ctrl-C"));
}

/** In the built-in lab where one was asked for, else on this machine. */
function hereOrInLab(
  command: EnvCommand | PathCommand,
  part: Part | undefined,
  here: () => Promise<number>,
): Promise<number> {
  const run = labRunOf(command, part);
  return run === null ? here() : inLab((deps) => labRun(run, deps));
}

const handlers: Handlers = {
  path: (command) => hereOrInLab(command, undefined, () => tracePath(command)),
  env: (command) =>
    hereOrInLab(command, "env", async () => {
      const tracer = await createTracer({ ...command, caFile: null }, "env", false);
      return env(command, { trace: tracer, openFile: openOutput, print });
    }),
  dns: (command) => hereOrInLab(command, "dns", () => tracePath(command, "dns")),
  mtu: (command) => hereOrInLab(command, "mtu", () => tracePath(command, "mtu")),
  drops: async (request) => {
    const { watchDrops } = await import("../probes/kernel/live-drops.ts");
    const watch = (asked: DropsRequest) => watchDrops(asked, abort.signal);
    const drained = () => whenDrained(process.stdout, abort.signal);
    return drops(request, { watch, clock: systemClock, print, drained, say });
  },
  host: (command) => {
    const ask = createAskHost({
      ...{ system: realSystem, clock: systemClock, windows: windowsAccess() },
    });
    const collect = () => ask([], abort.signal);
    return host(command, { collect, readScript: readCollector, openFile: openOutput, print });
  },
  replay: (file, options) =>
    replay(file, options, {
      readText: (name) =>
        readFile(name, "utf8").catch((error: unknown) => {
          throw unreadableRecording(name, error);
        }),
      print,
    }),
  explain: (cause) =>
    explain(cause, { print, readPage: (name) => readFile(pageFile(name), "utf8") }),
  labList: () => labList({ print }),
  labRun: (run) => inLab((deps) => labRun(run, deps)),
  labShell: (scenario) => inLab((deps) => labShell(scenario, deps)),
  labClean: () => inLab((deps) => labClean(deps)),
};

/** Set where this program started itself again as root of its own user namespace. */
const ROOTLESS = "WSL_TRACE_ROOTLESS";

/** @throws TraceError where the kernel or a sandbox gives ordinary users no namespace of their own */
async function checkRootless(): Promise<void> {
  const tried = await realSystem.run("unshare", ["--user", "--map-root-user", "--net", "true"]);
  if (tried.exitCode === 0) return;
  const message =
    "the lab needs root or a user namespace, and this system gives neither: run it with sudo";
  throw new TraceError("lab-rootless", message, { exitCode: EXIT.inconclusive });
}

/** The lab needs root: an ordinary user gets it in a user namespace, where the kernel allows one. */
async function inLab(work: (deps: LabDeps) => Promise<number>): Promise<number> {
  const [node, script = ""] = process.argv;
  const self = { file: node ?? process.execPath, args: [script] };
  const { realLabSystem } = await import("../probes/lab/lab-system.ts");
  const { prepareRootless, rootlessCommand } = await import("../probes/lab/rootless.ts");
  const inside = process.env[ROOTLESS] !== undefined;
  if (process.getuid?.() !== 0 && !inside) {
    const argv = [self.file, ...process.argv.slice(1)];
    await checkRootless();
    const { file, args } = rootlessCommand(["env", `${ROOTLESS}=1`, ...argv]);
    return runInherited({ file, args }, abort.signal);
  }
  if (inside) await prepareRootless(realLabSystem);
  const { createLab } = await import("../probes/lab/lab.ts");
  const program = (name: string) => ({
    file: self.file,
    args: [new URL(name, import.meta.url).pathname],
  });
  return work({
    lab: createLab({
      system: realLabSystem,
      clock: systemClock,
      labHost: program("lab-host.js"),
      labWindows: program("lab-windows.js"),
    }),
    self,
    shell: process.env.SHELL ?? "/bin/sh",
    signal: abort.signal,
    runInherited,
    readReport: (file) =>
      readFile(file, "utf8").then(
        (text) => makeReport(parseRecording(text, file)),
        () => null,
      ),
    print,
    say,
  });
}

async function main(): Promise<number> {
  let code: number = EXIT.healthy;
  const program = createProgram(handlers, {
    version: VERSION,
    stdout: print,
    stderr: (text) => process.stderr.write(text),
    exit: (exitCode) => {
      code = exitCode;
    },
  });
  try {
    // Without arguments: help, and that is no error.
    if (process.argv.length <= 2) program.outputHelp();
    else await program.parseAsync(process.argv);
  } catch (error) {
    code = failed(error);
  }
  return signalled ?? code;
}

/** One sentence for what stopped the tool; the stack only with --debug. */
function failed(error: unknown): number {
  // Commander has printed its own sentence; help and version are no errors.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.healthy : EXIT.usage;
  }
  const debug = process.argv.includes("--debug");
  // A file's name or content, or Windows' words, may stand in it: nothing of that may move the cursor.
  if (debug && error instanceof Error) {
    const lines = (error.stack ?? error.message).split("\n");
    process.stderr.write(`${lines.map(printable).join("\n")}\n`);
  }
  process.stderr.write(`wsl-trace: ${printable(messageOf(error))}\n`);
  if (error instanceof TraceError) return error.exitCode;
  if (error instanceof UnsupportedProbeError) return EXIT.inconclusive;
  if (!debug)
    process.stderr.write("this should not happen: run it again with --debug, and report it\n");
  return EXIT.inconclusive;
}

// An error that no promise carried: without this, Node would end with the exit code of a fault that was found.
process.on("uncaughtException", (error) => {
  process.exit(failed(error));
});
process.exitCode = await main();
// A reader that is slow still gets everything: leave when stdout has taken the last byte.
process.stdout.write("", () => process.exit());
