// Several targets side by side: what is healthy there is so alone, too; everything else is traced again by itself.
//
//  1. Nothing that belongs to the whole machine is read meanwhile (counters, drops without a packet): it would be nobody's.
//  2. A run whose default attempt, or whose name server, keeps anybody waiting ends at once: its faults are measured alone, where
//     no other run's packets use up what a router reports, or heal what is to be seen.
//  3. Healthy rests on what was seen to pass, a full-size segment each way: others beside it take nothing away from that.

import PQueue from "p-queue";
import type { ProbeEvent } from "../schema/event.ts";
import type { Target } from "../schema/events/run.ts";
import type { Report } from "../schema/report.ts";
import type { PathDeps, PathRequest } from "./path-request.ts";
import { createRecorder } from "./recorder.ts";

/**
 * Traces those targets at the same time.
 * @returns the reports of the healthy ones, and of all that the user's own signal ended; the others are to be traced alone
 * @throws TraceError, which stops the tool
 */
export async function traceBeside(
  targets: readonly Target[],
  { options }: Pick<PathRequest, "options">,
  deps: Pick<PathDeps, "trace" | "atOnce" | "signal">,
): Promise<ReadonlyMap<Target, Report>> {
  const reports = new Map<Target, Report>();
  if (deps.atOnce < 2 || targets.length < 2 || isPaced(options)) return reports;
  const queue = new PQueue({ concurrency: deps.atOnce });
  await queue.addAll(
    targets.map((target) => async () => {
      const report = await tryBeside(target, options, deps);
      if (report !== null) reports.set(target, report);
    }),
  );
  return reports;
}

/** What the user wants of one run at a time: its pace, its amount of data, its many flows. */
function isPaced({ rate, transferBytes, flows }: PathRequest["options"]): boolean {
  return rate !== undefined || transferBytes !== undefined || flows > 1;
}

async function tryBeside(
  target: Target,
  options: PathRequest["options"],
  { trace, signal }: Pick<PathDeps, "trace" | "signal">,
): Promise<Report | null> {
  const stop = new AbortController();
  const { events, keep } = createRecorder(null);
  const isTrouble = createTroubleCheck();
  const record = (event: ProbeEvent) => {
    keep(event);
    // Not while a probe reports it.
    if (isTrouble(event)) queueMicrotask(() => stop.abort(new Error("is traced alone")));
  };
  for await (const { finished } of trace(target, options, record, stop.signal)) {
    if (finished) break;
  }
  if (stop.signal.aborted) return null;
  const { makeReport } = await import("./path-output.ts");
  const report = makeReport(events);
  return signal.aborted || report.verdict === "healthy" ? report : null;
}

/** Whether an event shows that something of the default attempt is not as it should be. */
function createTroubleCheck(): (event: ProbeEvent) => boolean {
  const attempts = new Set<string>();
  return (event) => {
    switch (event.kind) {
      case "tcp-started":
        if (event.purpose === "default") attempts.add(event.attempt);
        return false;
      case "tcp-stalled":
        return attempts.has(event.attempt);
      case "tcp-stage":
        return attempts.has(event.attempt) && event.result.kind !== "ok";
      case "dns-reply":
        return event.origin === "resolv.conf" && event.outcome.kind === "no-reply";
      default:
        return event.kind === "kernel-drop";
    }
  };
}
