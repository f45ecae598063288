// Follows a program from its start to its end: samples its connections, and has the one that hangs diagnosed meanwhile.

import type { Clock } from "../clock.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { Target } from "../schema/events/run.ts";
import type { Verdict } from "../schema/verdict.ts";
import { type Connection, type Connections, createConnections } from "./connections.ts";
import { hasFailedUnowned, worthTracing } from "./failures.ts";
import { lookAtEnds, withItsEnd } from "./last-look.ts";
import { pauseMs } from "./pace.ts";
import type { ProgramEnd, ProgramWatch, SocketSample, StartedProgram } from "./port.ts";
import { HANG_MS, suspectOf, targetsFor } from "./suspect.ts";
import { targetsIn } from "./targets.ts";

export interface FollowDeps {
  readonly clock: Clock;
  readonly watch: ProgramWatch;
  readonly program: StartedProgram;
  /** "address:port" or "host:port" of the environment's proxies. */
  readonly proxies: ReadonlySet<string>;
  /** Ends a diagnosis, and with --pid the look at the program. */
  readonly signal: AbortSignal;
  diagnose(target: Target): Promise<Diagnosed>;
  /** Told once for each that hangs. */
  onHang(connection: Connection, target: Target): void;
  onDiagnosis(diagnosed: Diagnosed): void;
}

export interface Diagnosed {
  readonly events: readonly ProbeEvent[];
  readonly verdict: Verdict;
  /** What the target's name stands for, or the address that was typed. */
  readonly addresses: readonly string[];
  readonly throughProxy: boolean;
}

export interface Followed {
  readonly end: ProgramEnd | null;
  readonly durationMs: number;
  readonly connections: Connections;
  /** The one that was diagnosed; null where the program failed without one. */
  readonly suspect: Connection | null;
  readonly diagnosed: Diagnosed | null;
  readonly named: readonly Target[];
  readonly isLost: boolean;
  /** Ends that nobody's were, of the program perhaps. */
  readonly unowned: readonly SocketSample[];
  /** Whether one of them was a failure. */
  readonly unownedFailure: boolean;
}

/** Each has its packets: another one that hangs for another reason is met by the next run. */
const MOST_DIAGNOSES = 3;
/** Of ends that may be the program's. */
const MOST_UNOWNED = 64;
/** How long a program that was there before is looked at. */
const LOOK_MS = HANG_MS + 1000;

export async function follow(deps: FollowDeps): Promise<Followed> {
  const { clock, watch, program, signal } = deps;
  const startedMs = clock.now();
  const connections = createConnections(deps.proxies);
  const lines = new Map<string, readonly string[]>();
  const unowned: SocketSample[] = [];
  const doctor = createDoctor(deps, () => targetsIn([...lines.values()]));
  let end: ProgramEnd | null = null;
  let isLost = false;
  const ended = program.ended.then((how) => {
    end = how;
  });
  let costMs = 0;
  const elapsedMs = () => clock.now() - startedMs;
  const sample = () => {
    const beforeMs = clock.now();
    const sampling = watch.sample();
    costMs = clock.now() - beforeMs;
    connections.update(sampling, beforeMs - startedMs);
    isLost ||= sampling.lost;
    if (!doctor.hasBegun())
      unowned.push(...sampling.unowned.slice(0, MOST_UNOWNED - unowned.length));
    learn();
  };
  let learntMs = Number.NEGATIVE_INFINITY;
  /** Processes come and go: what they were told is kept. */
  const learn = () => {
    const isEarly = elapsedMs() < EARLY_MS;
    const everyMs = isEarly ? EARLY_LEARN_MS : LEARN_MS;
    if (elapsedMs() - learntMs < everyMs || lines.size >= MOST_LINES) return;
    learntMs = elapsedMs();
    for (const line of watch.commandLines()) lines.set(line.join("\0"), line);
  };
  const isOver = () =>
    end !== null ||
    (program.attached && (signal.aborted || (elapsedMs() >= LOOK_MS && doctor.isIdle())));
  while (!isOver()) {
    sample();
    const suspect = suspectOf(connections.open());
    if (suspect !== undefined) doctor.see(suspect);
    if (program.attached && doctor.hasFound()) break;
    const waitMs = pauseMs({
      elapsedMs: elapsedMs(),
      costMs,
      connections,
      isWatching: !doctor.isIdle(),
    });
    await Promise.race([ended, clock.sleep(waitMs)]);
  }
  const durationMs = elapsedMs();
  sample();
  const hasNone = () => keptOf(connections).length + unowned.length === 0;
  for (let tries = 0; tries < LATE_TRIES && isFailed(end) && hasNone(); tries += 1) {
    await clock.sleep(LATE_EVERY_MS);
    sample();
  }
  await doctor.settled();
  const hungId = doctor.result().suspect?.sample.id;
  if (end !== null && (isFailed(end) || doctor.hasBegun()))
    await lookAtEnds(connections, clock, hungId, sample);
  if (end !== null && !signal.aborted) await doctor.explain(end, connections, unowned);
  const { suspect, diagnosed } = doctor.result();
  return {
    end,
    durationMs,
    connections,
    named: doctor.named(),
    isLost,
    unowned,
    unownedFailure: unowned.some((one) => hasFailedUnowned(one, deps.proxies)),
    suspect: withItsEnd(suspect, connections),
    diagnosed,
  };
}

/** The kernel tells of closed sockets from a work queue (net/core/sock_diag.c), which may run later than the program's end is known. */
const LATE_TRIES = 50;
const LATE_EVERY_MS = 20;

function keptOf(connections: Connections): readonly Connection[] {
  return [...connections.open(), ...connections.closed().kept];
}

function isFailed(end: ProgramEnd | null): boolean {
  return end !== null && end.exitCode !== null && end.exitCode !== 0;
}

const LEARN_MS = 200;
/** What a program starts to do its work, as timeout(1), env(1) and apt do, it starts at once. */
const EARLY_MS = 500;
const EARLY_LEARN_MS = 10;
/** Command lines that are kept of a program that starts others without end. */
const MOST_LINES = 200;

/** Has what hangs diagnosed, one after the other, until the cause of one is known. */
function createDoctor(
  { diagnose, onHang, onDiagnosis, proxies, signal, program }: FollowDeps,
  named: () => readonly Target[],
) {
  const seen = new Set<string>();
  let running: Promise<void> | null = null;
  let suspect: Connection | null = null;
  let diagnosed: Diagnosed | null = null;
  const isFound = () => diagnosed?.verdict === "fault" || diagnosed?.verdict === "degraded";
  const tryOne = async (target: Target, connection: Connection | null): Promise<boolean> => {
    const result = await diagnose(target).catch(() => null);
    if (result === null) return false;
    if (connection !== null && !agrees(result, connection)) return false;
    suspect = connection;
    diagnosed = result;
    // Which name a server was asked for is a guess: another one may be what it does not answer.
    return connection?.sample.protocol !== "udp" || isFound();
  };
  const tryAll = async (connection: Connection) => {
    for (const target of targetsFor(connection, named(), proxies)) {
      if (signal.aborted || (await tryOne(target, connection))) break;
    }
    if (diagnosed !== null) onDiagnosis(diagnosed);
  };
  const begin = (work: () => Promise<void>) => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return {
    named,
    hasBegun: () => seen.size > 0,
    isIdle: () => running === null,
    hasFound: isFound,
    settled: async () => {
      await running;
    },
    see: (connection: Connection) => {
      const { address, port } = connection.sample;
      const place = `${address} ${port}`;
      if (running !== null || isFound() || seen.has(place) || seen.size >= MOST_DIAGNOSES) return;
      seen.add(place);
      const [first] = targetsFor(connection, named(), proxies);
      if (first !== undefined) onHang(connection, first);
      void begin(() => tryAll(connection));
    },
    /** Why a program failed that did not hang. */
    explain: async (
      end: ProgramEnd,
      connections: Connections,
      unowned: readonly SocketSample[],
    ) => {
      if (diagnosed !== null || program.attached) return;
      const kept = keptOf(connections);
      const { failures, target } = worthTracing({
        failed: isFailed(end),
        kept,
        unowned,
        named: named(),
        proxies,
      });
      await begin(async () => {
        for (const failure of failures) {
          if (!isFound() && !signal.aborted) await tryAll(failure);
        }
        if (failures.length === 0 && target !== undefined) await tryOne(target, null);
      });
    },
    result: () => ({ suspect, diagnosed }),
  };
}

/** Whether what was traced is what hangs: a name may stand for another address than the one that it was. */
function agrees({ addresses, throughProxy }: Diagnosed, { sample }: Connection): boolean {
  return sample.protocol === "udp" || throughProxy || addresses.includes(sample.address);
}
