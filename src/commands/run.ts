// `wsl-trace run`: a program as it is, its connections followed, and the one that hangs diagnosed.

import type { Clock } from "../clock.ts";
import type { Connection } from "../program/connections.ts";
import { type Diagnosed, follow } from "../program/follow.ts";
import type { ProgramEnd, ProgramWatch, StartedProgram } from "../program/port.ts";
import { recordedEvents } from "../program/record.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import { recordingHeader, recordingLine } from "../schema/recording-lines.ts";
import type { Report } from "../schema/report.ts";
import { openOutputs } from "./outputs.ts";
import type { PathDeps } from "./path-request.ts";
import type { KernelChoice, Redaction } from "./readers.ts";

/** The options of `run`, read and checked. */
export interface RunRequest {
  /** The program and its arguments; or a process that is there. */
  readonly program: readonly string[] | { readonly pid: number };
  readonly options: RunOptions;
  readonly json: boolean;
  /** Exit with the verdict's code in place of the program's. */
  readonly exitVerdict: boolean;
  readonly recordFile: string | null;
  readonly reportFile: string | null;
  /** --otlp; absent, as null: OpenTelemetry's variables decide. */
  readonly otlp?: string | null;
  readonly hostSnapshot: string | null;
  readonly caFile: string | null;
  readonly kernel: KernelChoice;
  readonly redaction: Redaction;
}

export interface RunDeps {
  readonly version: string;
  readonly clock: Clock;
  /** Opened before the program starts, so that its first connection is seen. */
  watch(pid: number): ProgramWatch;
  /** @throws TraceError where it cannot be started, or is not there */
  start(program: RunRequest["program"]): Promise<StartedProgram>;
  readonly proxies: ReadonlySet<string>;
  readonly hasNameService: boolean;
  /** Ends a diagnosis, not the program. */
  readonly signal: AbortSignal;
  readonly trace: PathDeps["trace"];
  readonly openFile: PathDeps["openFile"];
  readonly publish?: PathDeps["publish"];
  /** Where the end of the run goes: standard output is the program's. */
  print(text: string): void;
  notify(line: string): void;
}

/** @returns the program's exit code, 128 and a signal's number, or the verdict's where that is wanted */
export async function run(request: RunRequest, deps: RunDeps): Promise<number> {
  const outputs = openOutputs(request, deps.openFile);
  try {
    const report = await followed(request, deps);
    const { events } = report.report;
    outputs.record?.write([recordingHeader(), ...events.map(recordingLine)].join(""));
    await printReport(report.report, request, deps, outputs.report);
    outputs.close();
    await deps.publish?.([report.report]);
    const { exitCodeOf } = await atTheEnd();
    const isVerdict = request.exitVerdict || "pid" in request.program;
    return isVerdict ? exitCodeOf(report.report.verdict) : codeOf(report.end);
  } catch (error) {
    outputs.leave();
    throw error;
  }
}

/** Rules and texts, which no program waits for. */
const atTheEnd = () => import("./path-output.ts");

async function followed(
  { program: wanted, options }: RunRequest,
  deps: RunDeps,
): Promise<{ readonly report: Report; readonly end: ProgramEnd | null }> {
  const { clock, signal } = deps;
  const startedAt = clock.date().toISOString();
  const program = await deps.start(wanted);
  const watch = deps.watch(program.pid);
  try {
    const seen = await follow({
      ...deps,
      watch,
      program,
      signal,
      diagnose: (target) => diagnosed(target, options, deps),
      onHang: (connection, target) => void tellHang(connection, target, deps),
      onDiagnosis: () => undefined,
    });
    const { version, hasNameService } = deps;
    const unreadable = watch.unreadable();
    const input = { version, startedAt, options, program, hasNameService, unreadable };
    const { makeReport } = await atTheEnd();
    return { report: makeReport(recordedEvents({ ...input, followed: seen })), end: seen.end };
  } finally {
    watch.close();
  }
}

async function diagnosed(
  target: Target,
  options: RunOptions,
  { trace }: RunDeps,
): Promise<Diagnosed> {
  const events: ProbeEvent[] = [];
  const snapshots = trace(target, options, (event) => events.push(event));
  for await (const _ of snapshots);
  const { makeReport } = await atTheEnd();
  const { verdict, target: traced } = makeReport(events);
  const resolved = events.findLast((event) => event.kind === "target-addresses");
  const found = resolved?.addresses.map((one) => (typeof one === "string" ? one : one.address));
  const addresses = found ?? [target.host];
  return { events, verdict, addresses, throughProxy: traced.proxy !== undefined };
}

async function tellHang(
  { sample, silentMs }: Connection,
  { host }: Target,
  { notify }: RunDeps,
): Promise<void> {
  const { hangLine } = await atTheEnd();
  const { program, address, port } = sample;
  notify(hangLine({ program, address, port, host, silentMs }));
}

async function printReport(
  report: Report,
  { json, reportFile, redaction }: RunRequest,
  { print }: RunDeps,
  file: { write(text: string): void } | null,
): Promise<void> {
  if (file !== null || json) {
    const { printReports } = await atTheEnd();
    const request = { reportFile, json, quiet: !json, redaction };
    // The file alone, where no JSON is wanted.
    await printReports([report], request, {
      print: json ? print : () => undefined,
      report: asSink(file),
    });
  }
  if (json) return;
  const { programSummary } = await atTheEnd();
  print(programSummary(report));
}

function asSink(file: { write(text: string): void } | null) {
  if (file === null) return null;
  return {
    write: (text: string) => file.write(text),
    close: () => undefined,
    discard: () => undefined,
  };
}

const SIGNAL_BASE = 128;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** As a shell tells it. */
function codeOf(end: ProgramEnd | null): number {
  if (end === null) return 0;
  return end.exitCode ?? SIGNAL_BASE + (SIGNAL_NUMBERS[end.signal ?? ""] ?? 0);
}
