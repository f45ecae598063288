// `wsl-trace path`: traces each target, shows the run, writes its outputs, gives the exit code.

import type { ExitCode } from "../errors.ts";
import { createLatestValueChannel } from "../latest-value-channel.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Target } from "../schema/events/run.ts";
import type { Report } from "../schema/report.ts";
import type { PathDeps, PathRequest } from "./path-request.ts";
import { createRecorder } from "./recorder.ts";
import type { Sink } from "./sink.ts";

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
  const { exitCodeOf, printReports } = await import("./path-output.ts");
  await printReports(reports, request, deps);
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
  const channel = createLatestValueChannel<Snapshot>();
  const shown = deps.show?.(channel.values);
  // The trace runs to its end: a reader who leaves must not cut the recording.
  try {
    for await (const snapshot of snapshots) channel.push(snapshot);
    channel.end();
  } catch (error) {
    channel.end(error);
    await shown?.catch(() => undefined);
    throw error;
  }
  await shown;
  // Only now: the first packet waits for no rule and no text.
  const { makeReport } = await import("./path-output.ts");
  return makeReport(events);
}

/** A fault outweighs an open question, and that outweighs health. */
function worst(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [1, 3, 0];
  return order.find((code) => codes.includes(code)) ?? 0;
}
