// The library: trace a path, replay a recording, diagnose what was seen. Its types are those of library/contract.ts.

import { setMaxListeners } from "node:events";
import { TraceError } from "./errors.ts";
import type { Diagnose, Redact, Replay, Trace } from "./library/contract.ts";
import { readOptions } from "./library/options.ts";
import { fold } from "./model/reduce.ts";
import { diagnosisOf } from "./report/diagnosis.ts";
import { makeReport } from "./report/make.ts";
import { redact as redacted } from "./report/redact/redact.ts";
import type { ProbeEvent } from "./schema/event.ts";
import { parseRecording } from "./schema/recording.ts";
import { parseTarget } from "./target.ts";
import { MAX_WAITS } from "./wiring/signals.ts";
import { createTracer } from "./wiring/tracer.ts";

export type * from "./library/contract.ts";
export type { Report } from "./schema/report.ts";
export { TraceError };

declare const __VERSION__: string;
const VERSION = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";

const { env, pid } = process;

let runs = 0;

export const trace: Trace = async (target, options = {}) => {
  const { run, hostSnapshot } = readOptions(options);
  const { port, signal, onEvent, caFile = null, ebpf = true } = options;
  const requested = parseTarget(target, port === undefined ? undefined : `${port}`);
  const end = new AbortController();
  setMaxListeners(MAX_WAITS, end.signal);
  // A run listens more often than a caller's signal may warn about.
  const abort = () => end.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  // Runs of one process are told apart by what their packets carry.
  runs += 1;
  const host = {
    own: { argv: [], env, pid: pid + runs - 1 },
    version: VERSION,
    ending: { signal: end.signal },
    notify: () => undefined,
  };
  try {
    const kernel = { ebpf, allNetns: false };
    const tracer = await createTracer(host, { hostSnapshot, caFile, kernel }, undefined, false);
    const events: ProbeEvent[] = [];
    const thrown: unknown[] = [];
    const record = (event: ProbeEvent) => {
      events.push(event);
      try {
        onEvent?.(event);
      } catch (error) {
        // A probe would take it for a failure of its own.
        thrown.push(error);
        end.abort(error);
      }
    };
    for await (const _ of tracer(requested, run, record)) {
      // Of what is known in between the caller hears by onEvent.
    }
    for (const error of thrown) throw error;
    return makeReport(events);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
};

export const replay: Replay = (recording) => makeReport(parseRecording(recording, "the recording"));

export const diagnose: Diagnose = (events) => {
  if (events[0]?.kind === "run-started") return diagnosisOf(fold(events));
  throw new TraceError("events-incomplete", "the events begin in the middle of a run", {
    advice: "give all that came, the first included",
  });
};

export const redact: Redact = (report, { target = false } = {}) => redacted(report, { target });
