// `wsl-trace path`: traces each target, shows the run, writes its outputs, gives the exit code.

import type { ExitCode } from "../errors.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Target } from "../schema/events/run.ts";
import type { Report } from "../schema/report.ts";
import { traceBeside } from "./beside.ts";
import { type Board, openBoard } from "./board.ts";
import { openOutputs } from "./outputs.ts";
import type { PathDeps, PathRequest } from "./path-request.ts";
import type { EndedRun, TracedTarget } from "./path-watch.ts";
import type { CaptureOrReason, PcapInput } from "./pcap-output.ts";
import { createRecorder } from "./recorder.ts";
import type { Sink } from "./sink.ts";

export async function path(request: PathRequest, deps: PathDeps): Promise<ExitCode> {
  const outputs = openOutputs(request, deps.openFile);
  const board = openBoard(request.targets, deps);
  let runs: readonly FinishedRun[] = [];
  try {
    // One recording holds one run, the first, as it goes on.
    const [first] = request.targets;
    const alone = outputs.record === null ? undefined : first;
    const others = request.targets.filter((target) => target !== alone);
    const drawn = { ...deps, trace: shownOn(board, deps.trace) };
    const healthy = await traceBeside(others, request, drawn);
    const traced: (FinishedRun | TracedTarget)[] = [];
    for (const target of request.targets) {
      const sink = target === first ? outputs.record : null;
      const report = healthy.get(target);
      traced.push(
        report === undefined
          ? await traceOne(target, request, deps, { board, sink })
          : { report, capture: deps.packets?.take() ?? null },
      );
    }
    runs = await finished(traced, request, deps, board);
    for (const [n, { report }] of runs.entries()) await deps.keepRun?.(report, n);
    await board.end();
  } catch (error) {
    await board.end(error);
    outputs.leave();
    throw error;
  }
  const { exitCodeOfAll, printReports } = await import("./path-output.ts");
  const reports = runs.map(({ report }) => report);
  await printReports(reports, request, { print: deps.print, report: outputs.report });
  if (outputs.pcap !== null) {
    await writePcap(runs, request, deps, outputs.pcap);
  }
  outputs.close();
  await deps.publish?.(reports);
  return exitCodeOfAll(reports);
}

/** The same runs, each of whose snapshots is drawn before anybody reads it. */
function shownOn(board: Board, trace: PathDeps["trace"]): PathDeps["trace"] {
  return async function* (target, ...rest) {
    for await (const snapshot of trace(target, ...rest)) {
      board.show(target, snapshot);
      yield snapshot;
    }
  };
}

/** Loaded where it is wanted alone. */
async function writePcap(
  runs: PcapInput["runs"],
  { pcapFile, redaction }: PathRequest,
  { packets, notify }: PathDeps,
  sink: Sink,
): Promise<void> {
  if (packets === undefined) return;
  const { pcapOutput } = await import("./pcap-output.ts");
  const { tools } = packets;
  const { bytes, note } = pcapOutput({ file: pcapFile ?? "", runs, tools, redaction });
  sink.write(bytes);
  notify(note);
}

async function traceOne(
  target: Target,
  request: PathRequest,
  deps: PathDeps,
  { board, sink }: { readonly board: Board; readonly sink: Sink | null },
): Promise<TracedTarget> {
  const recorder = createRecorder(sink);
  let last: Snapshot | null = null;
  // The trace runs to its end: a reader who leaves must not cut the recording.
  const trace = shownOn(board, deps.trace);
  for await (const snapshot of trace(target, request.options, recorder.keep)) {
    last = snapshot;
    if (deps.show === null && !snapshot.finished) await printInterim(snapshot, request, deps);
  }
  if (last === null) throw new Error("a trace ends with a snapshot");
  return { target, recorder, last, capture: deps.packets?.take() ?? null };
}

interface FinishedRun {
  readonly report: Report;
  readonly capture: CaptureOrReason;
}

/** After continuous mode, where it is wanted. */
async function finished(
  traced: readonly (FinishedRun | TracedTarget)[],
  request: PathRequest,
  deps: PathDeps,
  board: Board,
): Promise<readonly FinishedRun[]> {
  const signal = AbortSignal.any([deps.signal, board.left]);
  const open = traced.filter((one) => "target" in one);
  const ended = new Map<TracedTarget, EndedRun>();
  if (deps.watch !== null && !signal.aborted) {
    const { goOn } = await import("./path-watch.ts");
    const fresh = () => createRecorder(null);
    const runs = await goOn(open, { show: board.show, fresh, signal }, request, deps);
    for (const [n, run] of runs.entries()) {
      const one = open[n];
      if (one !== undefined) ended.set(one, run);
    }
  }
  // Only now: the first packet waits for no rule and no text.
  const { makeReport } = await import("./path-output.ts");
  return traced.map((one) => {
    if ("report" in one) return one;
    const { events, capture } = ended.get(one) ?? { ...one, events: one.recorder.events };
    return { report: makeReport(events), capture };
  });
}

/** What is known while the run still waits; nothing where one line or JSON is wanted. */
async function printInterim(
  snapshot: Snapshot,
  { json, quiet, lang = "en" }: PathRequest,
  { print }: PathDeps,
): Promise<void> {
  if (json || quiet) return;
  const { interimText, languageOf } = await import("./path-output.ts");
  print(interimText(snapshot, await languageOf(lang)));
}
