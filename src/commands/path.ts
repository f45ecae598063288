// `wsl-trace path`: traces each target, shows the run, writes what was asked for, gives the exit code.

import type { ExitCode } from "../errors.ts";
import { createFeed } from "../feed.ts";
import type { ProbeEvent } from "../model/event.ts";
import type { RunOptions, Target } from "../model/events/run.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { comparisonText, oneLine } from "../report/compare.ts";
import { jsonReport } from "../report/json.ts";
import { exitCodeOf, makeReport } from "../report/make.ts";
import type { Report } from "../report/report.ts";
import { textReport } from "../report/text.ts";
import { createRecorder } from "./recorder.ts";

export interface PathRequest {
  readonly targets: readonly Target[];
  readonly options: RunOptions;
  readonly json: boolean;
  readonly quiet: boolean;
  /** --record. */
  readonly recordFile: string | null;
  /** --report. */
  readonly reportFile: string | null;
}

export interface Sink {
  write(text: string): void;
  close(): void;
}

export interface PathDeps {
  trace(
    target: Target,
    options: RunOptions,
    record: (event: ProbeEvent) => void,
  ): AsyncIterable<Snapshot>;
  /** Draws the run on the terminal; null where there is none to draw on. */
  readonly show: ((snapshots: AsyncIterable<Snapshot>) => Promise<void>) | null;
  /** A file that only its owner can read. */
  openFile(path: string): Sink;
  print(text: string): void;
}

export async function path(request: PathRequest, deps: PathDeps): Promise<ExitCode> {
  const record = request.recordFile === null ? null : deps.openFile(request.recordFile);
  const reports: Report[] = [];
  try {
    for (const target of request.targets) {
      // One recording holds one run.
      const sink = reports.length === 0 ? record : null;
      reports.push(await traceOne(target, request, deps, sink));
    }
  } finally {
    record?.close();
  }
  print(reports, request, deps);
  const codes = reports.map(({ verdict }) => exitCodeOf(verdict));
  return worst(codes);
}

async function traceOne(
  target: Target,
  request: PathRequest,
  deps: PathDeps,
  record: Sink | null,
): Promise<Report> {
  const { events, keep } = createRecorder(record);
  const snapshots = deps.trace(target, request.options, keep);
  const feed = createFeed<Snapshot>();
  const shown = deps.show?.(feed.values);
  // The trace runs to its end whoever looks: a reader who leaves must not cut the recording.
  try {
    for await (const snapshot of snapshots) feed.push(snapshot);
    feed.end();
  } catch (error) {
    feed.end(error);
    await shown?.catch(() => undefined);
    throw error;
  }
  await shown;
  return makeReport(events);
}

function print(reports: readonly Report[], request: PathRequest, deps: PathDeps): void {
  const [only] = reports;
  if (only === undefined) return;
  const json = reports.length === 1 ? jsonReport(only) : jsonList(reports);
  if (request.reportFile !== null) {
    const file = deps.openFile(request.reportFile);
    const asJson = request.reportFile.endsWith(".json");
    file.write(asJson ? json : reports.map(textReport).join("\n"));
    file.close();
  }
  if (request.json) deps.print(json);
  else if (request.quiet) deps.print(`${reports.map(oneLine).join("\n")}\n`);
  else if (deps.show === null) deps.print(reports.map(textReport).join("\n"));
  if (!request.json && reports.length > 1) deps.print(comparisonText(reports));
}

function jsonList(reports: readonly Report[]): string {
  const indented = reports.map((report) => jsonReport(report).trimEnd().replace(/^/gm, "  "));
  return `[\n${indented.join(",\n")}\n]\n`;
}

/** A fault outweighs an open question, and that outweighs health. */
function worst(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [1, 3, 0];
  return order.find((code) => codes.includes(code)) ?? 0;
}
