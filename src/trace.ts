// The use case: runs the probes in their order, folds their events, and diagnoses at every step.

import type { Clock } from "./clock.ts";
import { tracedAddress } from "./facts/connection/subject.ts";
import { waitingFor } from "./facts/connection/waiting.ts";
import { awaitsNameServer, nameServerEndMs, pendingReplies } from "./facts/dns/resolver-path.ts";
import { kernelStages } from "./facts/kernel/stages.ts";
import { awaitsRecovery, isRecoveryWanted, recoveryEndMs } from "./facts/size/recovery.ts";
import { packetsSent } from "./facts/stats.ts";
import { vantageFacts } from "./facts/vantage.ts";
import { EMPTY_PATH, NO_RUN, type Path } from "./model/path.ts";
import { reduce } from "./model/reduce.ts";
import type { Snapshot, Work } from "./model/snapshot.ts";
import type { ProbeContext, Probes } from "./probe.ts";
import { runLimitMs, startRunLimit } from "./run-limit.ts";
import { runPlan } from "./run-plan.ts";
import type { EventBody, ProbeEvent } from "./schema/event.ts";
import type { RunCommand, RunOptions, Target } from "./schema/events/run.ts";
import type { Diagnosis } from "./schema/verdict.ts";

export interface TraceInput {
  readonly version: string;
  readonly target: Target;
  readonly options: RunOptions;
  /** Which part of the diagnosis is wanted; the whole path by default. */
  readonly command?: RunCommand;
  readonly probes: Probes;
  readonly clock: Clock;
  /** Aborted by a signal or by `q`; the reason's message names it. */
  readonly signal: AbortSignal;
  /** Called for every event, in order: the recording. */
  record(event: ProbeEvent): void;
  /** Whether anybody looks while it runs; without, only the last snapshot is made. */
  readonly live: boolean;
}

/** Snapshots as the run goes on; the last one is finished and holds the whole Path's diagnosis. */
export async function* trace(input: TraceInput): AsyncGenerator<Snapshot, Path> {
  const { clock } = input;
  const startedMs = clock.now();
  let path = EMPTY_PATH;
  const events: ProbeEvent[] = [];
  const work: Work[] = [];
  let changed: () => void = () => undefined;
  const emit = (body: EventBody): ProbeEvent => {
    const event = {
      id: `e${events.length + 1}`,
      atMs: round(clock.now() - startedMs),
      ...rounded(body),
    };
    // Of a probe that was left behind: the run is over.
    if (path.ended !== null) return event;
    events.push(event);
    path = reduce(path, event);
    input.record(event);
    changed();
    return event;
  };
  const sinceMs = () => round(clock.now() - startedMs);
  const begin = (begun: Pick<Work, "step" | "what">) => {
    const at = work.push({ ...begun, sinceMs: sinceMs(), untilMs: null }) - 1;
    changed();
    return () => {
      const one = work[at];
      if (one !== undefined) work[at] = { ...one, untilMs: sinceMs() };
      changed();
    };
  };

  let showInterim: () => void = () => undefined;
  const known = new Promise<void>((resolve) => {
    showInterim = resolve;
  });
  const interim = () => {
    if (awaitedUntilMs(path) !== null) showInterim();
  };

  emit({
    kind: "run-started",
    version: input.version,
    startedAt: clock.date().toISOString(),
    target: input.target,
    options: input.options,
    ...(input.command === undefined ? {} : { command: input.command }),
  });
  const limit = startRunLimit(clock, input.signal, runLimitMs(input.options, input.command));
  const { signal } = limit;
  const context: ProbeContext = { emit, path: () => path, clock, signal };
  let over = false;
  const run = async () => {
    try {
      await runPlan(input.probes, context, { begin, interim, until: limit.until });
      const interrupted = signal.aborted ? abortReason(signal) : null;
      emit({ kind: "run-ended", durationMs: round(clock.now() - startedMs), interrupted });
    } finally {
      over = true;
      limit.release();
      changed();
    }
  };
  const running = run();
  // A failure is thrown to the caller where it is awaited.
  running.catch(() => undefined);
  if (!input.live) await Promise.race([running, known]);
  // Loaded while probes are sent, or when they are over: the first packet waits for no rule.
  const { diagnosisOf, serviceOf } = await import("./report/diagnosis.ts");
  const isAsking = () =>
    path.ended === null && work.some(({ step, untilMs }) => step === "resolve" && untilMs === null);
  const snapshot = (doing: string | null) => ({
    ...snapshotOf(path, diagnosisOf(asAwaited(path)), doing, clock.now() - startedMs),
    service: serviceOf(path),
    events,
    work: [...work],
    openQueries: isAsking() ? pendingReplies(path) : [],
  });
  if (!input.live && !over) yield snapshot(activityOf(work));
  while (input.live && !over) {
    const change = new Promise<void>((resolve) => {
      changed = resolve;
    });
    yield snapshot(activityOf(work));
    await change;
    // A frame's worth of events becomes one snapshot.
    if (!over) await Promise.race([clock.sleep(FRAME_MS), running.catch(() => undefined)]);
  }
  await running;
  yield snapshot(null);
  return path;
}

/** What began last of all that goes on. */
function activityOf(work: readonly Work[]): string | null {
  return (work.findLast(({ untilMs }) => untilMs === null) ?? work.at(-1))?.what ?? null;
}

/** Until when a run waits whose fault is known but for what may yet recover; null where it does not. */
function awaitedUntilMs(path: Path): number | null {
  if (awaitsNameServer(path)) return nameServerEndMs(path);
  return isRecoveryWanted(path) && awaitsRecovery(path) ? recoveryEndMs(path) : null;
}

/** What is known where a name server stays silent, as it has been so far. */
function asAwaited(path: Path): Path {
  if (!awaitsNameServer(path)) return path;
  return pendingReplies(path).reduce(
    (seen, reply, n) => reduce(seen, { id: `pending${n}`, atMs: 0, ...reply }),
    path,
  );
}

/** No faster than a terminal is worth redrawing. */
const FRAME_MS = 50;

export function snapshotOf(
  path: Path,
  diagnosis: Diagnosis,
  activity: string | null,
  elapsedMs: number,
): Omit<Snapshot, "events"> {
  const target = path.requested ?? path.run?.target;
  if (target === undefined) throw new Error(NO_RUN);
  return {
    target,
    address: tracedAddress(path) ?? null,
    vantage: vantageFacts(path),
    diagnosis,
    kernel: kernelStages(path),
    activity,
    awaitedUntilMs: awaitedUntilMs(path),
    finished: path.ended !== null,
    elapsedMs,
    packetsSent: packetsSent(path),
    waiting: waitingFor(path),
    path,
  };
}

function abortReason(signal: AbortSignal): string {
  return signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
}

const DECIMALS = 1000;

function round(ms: number): number {
  return Math.round(ms * DECIMALS) / DECIMALS;
}

/** Times to the microsecond: more digits would only claim what no clock here measures. */
function rounded(body: EventBody): EventBody {
  if (body.kind === "host-snapshot") return body;
  return roundNumbers(body);
}

function roundNumbers<T>(value: T): T {
  const text = JSON.stringify(value, (key, member: unknown) =>
    typeof member === "number" && key.endsWith("Ms") ? round(member) : member,
  );
  return JSON.parse(text);
}
