// What was seen of a program as events: with those of the diagnosis they are one recording.

import type { EventBody, ProbeEvent } from "../schema/event.ts";
import type { ProgramConnection, Unseen } from "../schema/events/program.ts";
import type { RunOptions, Target } from "../schema/events/run.ts";
import { suspicion } from "./condition.ts";
import type { Connection } from "./connections.ts";
import type { Followed } from "./follow.ts";
import type { StartedProgram } from "./port.ts";
import { addressTarget } from "./targets.ts";

export interface RecordInput {
  readonly version: string;
  readonly startedAt: string;
  readonly options: RunOptions;
  readonly program: StartedProgram;
  readonly followed: Followed;
  readonly unreadable: ReadonlySet<string>;
  /** Whether a service looks names up for every program (nss-resolve, nscd). */
  readonly hasNameService: boolean;
}

/** Connections that have an event of their own. */
const MOST_EVENTS = 50;
const MICROSECONDS = 1000;

/** A whole recording: the diagnosis where there was one, and the program before its end. */
export function recordedEvents(input: RecordInput): readonly ProbeEvent[] {
  const { followed } = input;
  const traced = followed.diagnosed?.events ?? untraced(input);
  const end = traced.at(-1);
  const body = end?.kind === "run-ended" ? traced.slice(0, -1) : traced;
  const atMs = end?.atMs ?? 0;
  const seen: readonly EventBody[] = [...connectionEvents(followed), programEvent(input)];
  const stamped = seen.map((event, n) => ({ id: `e${body.length + n + 1}`, atMs, ...event }));
  const last =
    end?.kind === "run-ended" ? [{ ...end, id: `e${body.length + seen.length + 1}` }] : [];
  return [...body, ...stamped, ...last];
}

/** Nothing was sent: the target stands for nothing but the first that was named or reached. */
function untraced({ version, startedAt, options, followed }: RecordInput): readonly ProbeEvent[] {
  const durationMs = rounded(followed.durationMs);
  const run = {
    kind: "run-started",
    version,
    startedAt,
    target: placeholder(followed),
    options,
    command: "run",
  } as const;
  return [
    { id: "e1", atMs: 0, ...run },
    { id: "e2", atMs: durationMs, kind: "run-ended", durationMs, interrupted: null },
  ];
}

function placeholder({ named, connections }: Followed): Target {
  const [first] = named;
  if (first !== undefined) return first;
  const [reached] = [...connections.open(), ...connections.closed().kept];
  if (reached === undefined) return addressTarget("127.0.0.1", 1);
  return addressTarget(reached.sample.address, reached.sample.port);
}

function connectionEvents(followed: Followed): readonly EventBody[] {
  const { connections, suspect, named } = followed;
  const open = connections.open();
  const all = [...open, ...connections.closed().kept];
  const rank = (one: Connection) => (isSame(one, suspect) ? -1 : (weightOf(one) ?? MOST_EVENTS));
  return all
    .sort((a, b) => rank(a) - rank(b) || a.openedAtMs - b.openedAtMs)
    .slice(0, MOST_EVENTS)
    .map((one) =>
      connectionEvent(
        isSame(one, suspect) && suspect !== null ? suspect : one,
        named,
        isSame(one, suspect),
      ),
    );
}

function weightOf({ condition, failed }: Connection): number | null {
  return failed ? 0 : suspicion(condition);
}

function isSame(one: Connection, other: Connection | null): boolean {
  return one.sample.id === other?.sample.id;
}

/** As it was when it hung: what ended the program changed it. */
function connectionEvent(
  { sample, openedAtMs, condition, silentMs, closed, failed }: Connection,
  named: readonly Target[],
  diagnosed: boolean,
): EventBody & ProgramConnection {
  const { program, protocol, family, address, port, info } = sample;
  return {
    kind: "program-connection",
    program,
    protocol,
    family,
    address,
    port,
    name: nameOf(sample.address, port, named),
    openedAtMs: rounded(openedAtMs),
    condition,
    silentMs: rounded(silentMs),
    closed,
    failed,
    ...(sample.accepted ? { accepted: true as const } : {}),
    diagnosed,
    info,
  };
}

/** Only where one name alone was given for that port: which address it stands for was not asked. */
function nameOf(address: string, port: number, named: readonly Target[]): string | null {
  const hosts = new Set(named.filter((one) => one.port === port).map(({ host }) => host));
  const [only] = hosts;
  return only === undefined || hosts.size > 1 || only === address ? null : only;
}

function programEvent({ program, followed, unreadable, hasNameService }: RecordInput): EventBody {
  const { end, durationMs, connections, isLost, unowned } = followed;
  const unseen: readonly (Unseen | false)[] = [
    unreadable.size > 0 && "other-users",
    unowned.length > 0 && (followed.unownedFailure ? "short-lived-failure" : "short-lived"),
    isLost && "events-lost",
    hasNameService && "names-through-a-service",
  ];
  return {
    kind: "program",
    name: program.name,
    attached: program.attached,
    exitCode: end?.exitCode ?? null,
    signal: end?.signal ?? null,
    durationMs: rounded(durationMs),
    connections: connections.open().length + connections.closed().total,
    unseen: unseen.flatMap((one) => (one === false ? [] : [one])),
  };
}

function rounded(ms: number): number {
  return Math.round(ms * MICROSECONDS) / MICROSECONDS;
}
