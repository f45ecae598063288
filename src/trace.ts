// The use case: runs the probes in their order, folds what they say, and diagnoses at every step.

import type { Clock } from "./clock.ts";
import type { diagnose } from "./diagnosis/diagnose.ts";
import { attemptState } from "./facts/connection/attempt.ts";
import { defaultAttempt, tracedAddress } from "./facts/connection/subject.ts";
import { packetsSent } from "./facts/stats.ts";
import { vantageFacts } from "./facts/vantage.ts";
import { EMPTY_PATH, type Path } from "./model/path.ts";
import { reduce } from "./model/reduce.ts";
import type { Snapshot } from "./model/snapshot.ts";
import type { HostProbes, ProbeContext, Probes } from "./probe.ts";
import type { EventBody, ProbeEvent } from "./schema/event.ts";
import type { RunCommand, RunOptions, Target } from "./schema/events/run.ts";

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
  const { clock, signal } = input;
  const startedMs = clock.now();
  let path = EMPTY_PATH;
  let events = 0;
  let activity: string | null = null;
  let changed: () => void = () => undefined;
  const emit = (body: EventBody): ProbeEvent => {
    events += 1;
    const event = { id: `e${events}`, atMs: round(clock.now() - startedMs), ...rounded(body) };
    path = reduce(path, event);
    input.record(event);
    changed();
    return event;
  };
  const notify = (words: string | null) => {
    activity = words;
    changed();
  };

  emit({
    kind: "run-started",
    version: input.version,
    startedAt: clock.date().toISOString(),
    target: input.target,
    options: input.options,
    ...(input.command === undefined ? {} : { command: input.command }),
  });
  const context: ProbeContext = { emit, path: () => path, clock, signal };
  let over = false;
  const running = runProbes(input.probes, context, notify).finally(() => {
    over = true;
    changed();
  });
  // A failure is thrown to the caller where it is awaited.
  running.catch(() => undefined);
  if (!input.live) await running;
  // Loaded while probes are under way, or when they are over: the first packet waits for no rule.
  const { diagnose: judge } = await import("./diagnosis/diagnose.ts");
  const snapshot = (doing: string | null) =>
    snapshotOf(path, judge, doing, clock.now() - startedMs);
  while (!over) {
    const change = new Promise<void>((resolve) => {
      changed = resolve;
    });
    yield snapshot(activity);
    await change;
    // A frame's worth of events becomes one snapshot.
    if (!over) await Promise.race([clock.sleep(FRAME_MS), running.catch(() => undefined)]);
  }
  await running;
  const interrupted = signal.aborted ? abortReason(signal) : null;
  emit({ kind: "run-ended", durationMs: round(clock.now() - startedMs), interrupted });
  yield snapshot(null);
  return path;
}

/** No faster than a terminal is worth redrawing. */
const FRAME_MS = 50;

/**
 * 1. Read the distro and the host; 2. resolve; 3. ask for routes and a learnt PMTU;
 * 4. the default attempt and the inbound sizes; 5. only then anything that sends large packets
 * (a too-big message can make a black hole heal itself); 6. look for a learnt PMTU again.
 */
async function runProbes(
  probes: Probes,
  context: ProbeContext,
  notify: (words: string | null) => void,
): Promise<void> {
  const hostProbes = probes.hostProbes(context);
  try {
    await runInOrder(probes, hostProbes, context, notify);
  } finally {
    hostProbes.close();
  }
}

async function runInOrder(
  probes: Probes,
  hostProbes: HostProbes,
  context: ProbeContext,
  notify: (words: string | null) => void,
): Promise<void> {
  notify("reading this machine");
  await probes.guest(context);
  notify("asking Windows");
  await probes.host(context);
  notify("asking the resolvers");
  const names = probes.resolve(context);
  await names.decided;
  if (isRouteWanted(context)) await probes.route("before")(context);
  if (context.path().addresses === null) {
    const asked = hostProbes.names();
    // Awaited below; until then a failure of it is nobody's.
    asked.catch(() => undefined);
    if (isSendWanted(context)) {
      notify("following the way to the name server");
      await probes.resolverPath(context);
    }
    await asked;
  }
  if (isPathWanted(context)) {
    await followPath(probes, hostProbes, context, notify);
    if (isAnswered(context)) names.conclude?.();
  }
  await names.done;
  notify(null);
}

async function followPath(
  probes: Probes,
  hostProbes: HostProbes,
  context: ProbeContext,
  notify: (words: string | null) => void,
): Promise<void> {
  const kernel = await probes.kernel(context);
  const watched = { ...context, connecting: kernel.connecting };
  try {
    await sendAlongPath(probes, hostProbes, watched, notify);
  } finally {
    await kernel.stop();
  }
}

async function sendAlongPath(
  probes: Probes,
  hostProbes: HostProbes,
  context: ProbeContext,
  notify: (words: string | null) => void,
): Promise<void> {
  notify("connecting");
  const tcp = probes.tcp(context);
  const fromHost = hostProbes.follow(tcp);
  // Awaited below; until then a failure of it is nobody's.
  fromHost.catch(() => undefined);
  await tcp.clear;
  notify("following the path out");
  await probes.udp(context);
  const hopNames = isNamed(context) ? probes.hopNames(context) : null;
  await tcp.decided;
  await probes.flows(context);
  await probes.controls(context);
  await probes.outboundTcp(context);
  await probes.candidateSizes(context);
  await probes.hopSizes(context);
  notify("waiting whether the hang heals");
  await tcp.done;
  notify("measuring loss");
  await probes.loss(context);
  if (isHostProbing(context)) notify("waiting for Windows");
  await fromHost;
  await probes.route("after")(context);
  hopNames?.conclude?.();
  await hopNames?.done;
}

function isHostProbing({ path }: ProbeContext): boolean {
  const { hostProber } = path();
  return hostProber !== null && hostProber.reason === null;
}

function isNamed({ path }: ProbeContext): boolean {
  return path().run?.options.hopNames !== false;
}

/** A run about names ends where their addresses are known. */
function isRouteWanted({ path, signal }: ProbeContext): boolean {
  const { run, addresses } = path();
  return run?.command !== "dns" && addresses !== null && !signal.aborted;
}

function isPathWanted(context: ProbeContext): boolean {
  return isRouteWanted(context) && isSendWanted(context);
}

/** A run about this machine sends nothing. */
function isSendWanted({ path, signal }: ProbeContext): boolean {
  return path().run?.command !== "env" && !signal.aborted;
}

/** The address was the right one: nobody has to be caught lying about it. */
function isAnswered(context: ProbeContext): boolean {
  const attempt = defaultAttempt(context.path());
  if (attempt === undefined || attempt.certificate?.authorized === false) return false;
  return attemptState(attempt, "http") === "passed";
}

function snapshotOf(
  path: Path,
  judge: typeof diagnose,
  activity: string | null,
  elapsedMs: number,
): Snapshot {
  const target = path.run?.target;
  if (target === undefined) throw new Error("a run begins with run-started");
  return {
    target,
    address: tracedAddress(path) ?? null,
    vantage: vantageFacts(path),
    diagnosis: judge(path),
    activity,
    finished: path.ended !== null,
    elapsedMs,
    packetsSent: packetsSent(path),
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
