// Continuous mode: rounds at a polite rate after the verdict, and a new verdict where the network has changed.

import type { Clock } from "../clock.ts";
import { tracedAddress } from "../facts/connection/subject.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { HopRounds, Watch, WatchSettings } from "../model/watch.ts";
import type { WatchedChange, WatchReport } from "../schema/events/watch.ts";
import type { WatchControls } from "./controls.ts";
import { type RoundResult, watchedHop, withRound } from "./hop-rounds.ts";
import {
  changesBetween,
  type NetworkChange,
  type NetworkState,
  stateOfHost,
} from "./network-state.ts";
import { type RoundProbe, roundPlan } from "./round-plan.ts";

/** Sockets to one target, for as long as nothing of it is switched. */
export interface Rounds {
  /** One probe each; settles when all are answered or late. */
  send(probes: readonly RoundProbe[]): Promise<readonly RoundResult[]>;
  close(): void;
}

export interface WatchPorts {
  readonly clock: Clock;
  /** Of the finished run's target. */
  openRounds(last: Snapshot, settings: WatchSettings, signal: AbortSignal): Rounds;
  /** Null: as before, as far as anybody told. Reads everything where it may have changed. */
  readState(signal: AbortSignal): Promise<NetworkState | null>;
  /** Windows asked again, at a slow rate; null where it is not time yet, or nothing to ask. */
  readHost(last: Snapshot, signal: AbortSignal): Promise<NetworkState | null>;
}

export interface WatchInput extends WatchPorts {
  readonly first: Snapshot;
  readonly controls: WatchControls;
  /** Traces once more; the last snapshot is finished. */
  retrace(settings: WatchSettings): AsyncIterable<Snapshot>;
  /** Draws, or prints. */
  show(snapshot: Snapshot): void;
  /** Called for each change as it is seen. */
  notify(change: WatchedChange): void;
  /** Ends the watch: a key, a signal. */
  readonly signal: AbortSignal;
  /** Null: without an end. */
  readonly rounds: number | null;
}

/** Enough for hours of a network that is rarely still. */
const MAX_CHANGES = 500;
/** How long a change may wait to be seen, and a key to be obeyed. */
const TICK_MS = 500;
/** Several messages about one change come together, and a network takes a moment. */
const SETTLE_MS = 1000;

/** Goes on until the signal or the number of rounds ends it; gives what a report has of it. */
export async function watch(input: WatchInput): Promise<WatchReport> {
  const session = createSession(input);
  await session.begin();
  try {
    while (!session.isOver()) await session.tick();
  } finally {
    session.close();
  }
  return session.report();
}

function createSession(input: WatchInput) {
  const { clock, controls, signal } = input;
  const startedMs = clock.now();
  const startedAt = clock.date().toISOString();
  let last = input.first;
  let hops: readonly HopRounds[] = [];
  let changes: readonly WatchedChange[] = [];
  let changesLeftOut = 0;
  let rounds = 0;
  let packetsSent = 0;
  let nextRoundMs = startedMs;
  let state: NetworkState = {};
  let obeyed = controls.settings();
  let restarts = controls.restarts();
  let sockets: Rounds | null = null;

  const history = () => ({
    startedAt,
    durationMs: Math.round(clock.now() - startedMs),
    rounds,
    packetsSent,
    changes,
    changesLeftOut,
  });
  const watched = (): Watch => ({
    settings: controls.settings(),
    hops: hops.map((hop) => ({ ...watchedHop(hop), mpls: hop.mpls, samplesMs: hop.samplesMs })),
    history: history(),
  });
  const show = (snapshot: Snapshot = last) => input.show({ ...snapshot, watch: watched() });
  const note = (change: NetworkChange) => {
    const at = clock.date().toISOString();
    const whole = { at, atMs: Math.round(clock.now() - startedMs), ...change };
    changesLeftOut += changes.length >= MAX_CHANGES ? 1 : 0;
    changes = [...changes, whole].slice(-MAX_CHANGES);
    input.notify(whole);
  };
  const forget = () => {
    hops = [];
    nextRoundMs = clock.now();
  };
  const closeRounds = () => {
    sockets?.close();
    sockets = null;
  };

  const retrace = async () => {
    closeRounds();
    const before = verdictOf(last);
    let end = last;
    for await (const snapshot of input.retrace(controls.settings())) {
      show(snapshot);
      if (snapshot.finished) end = snapshot;
    }
    // A run that was cut short has no verdict of its own.
    if (signal.aborted) return;
    state = { ...state, ...stateOfHost(end.path) };
    last = end;
    const after = verdictOf(last);
    if (after !== before) note({ what: "verdict", subject: last.target.host, before, after });
    const { length } = roundPlan(last, controls.settings().protocol);
    // What no longer is on the path is no hop of it.
    hops = hops.filter(({ ttl }) => ttl <= length);
    show();
  };

  /** What the user switched since the last tick. */
  const obey = async () => {
    const now = controls.settings();
    const before = obeyed;
    obeyed = now;
    const restart = controls.restarts() !== restarts;
    restarts = controls.restarts();
    const switched = SWITCHES.filter((name) => now[name] !== before[name]);
    for (const name of switched) {
      note({ what: "settings", subject: name, ...valuesOf(name, before, now) });
    }
    if (restart || switched.includes("family")) {
      forget();
      await retrace();
    } else if (switched.length > 0) {
      closeRounds();
      forget();
    } else if (now !== before) nextRoundMs = Math.min(nextRoundMs, clock.now() + now.intervalMs);
    if (now !== before || restart) show();
  };

  const compare = async () => {
    const read = {
      ...(await input.readState(signal)),
      ...(await input.readHost(last, signal)),
    };
    if (changesBetween(state, read).length === 0) {
      state = { ...state, ...read };
      return;
    }
    await settled(clock, SETTLE_MS, signal);
    const now = { ...read, ...(await input.readState(signal)) };
    const found = changesBetween(state, now);
    state = { ...state, ...now };
    if (found.length === 0 || signal.aborted) return;
    for (const change of found) note(change);
    await retrace();
  };

  const round = async () => {
    const { paused, intervalMs, protocol } = controls.settings();
    if (paused || clock.now() < nextRoundMs || signal.aborted) return;
    const plan = roundPlan(last, protocol);
    nextRoundMs = clock.now() + intervalMs;
    if (plan.length > 0) {
      sockets ??= input.openRounds(last, controls.settings(), signal);
      const results = await sockets.send(plan);
      hops = withRound(hops, results);
      packetsSent += results.length;
    }
    rounds += 1;
    show();
  };

  /** Until then, or until a key is pressed. */
  const pausedFor = async (ms: number) => {
    const end = new AbortController();
    const forget = controls.onPress(() => end.abort());
    const stop = () => end.abort();
    signal.addEventListener("abort", stop);
    await settled(clock, ms, end.signal);
    signal.removeEventListener("abort", stop);
    forget();
  };

  return {
    begin: async () => {
      state = { ...(await input.readState(signal)), ...stateOfHost(last.path) };
      show();
    },
    isOver: () => signal.aborted || (input.rounds !== null && rounds >= input.rounds),
    tick: async () => {
      await obey();
      await compare();
      await round();
      const untilRoundMs = Math.max(0, nextRoundMs - clock.now());
      const waitMs = controls.settings().paused ? TICK_MS : Math.min(TICK_MS, untilRoundMs);
      if (input.rounds === null || rounds < input.rounds) await pausedFor(waitMs);
    },
    report: (): WatchReport => ({ ...history(), hops: hops.map(watchedHop) }),
    close: closeRounds,
  };
}

const SWITCHES = ["protocol", "family", "flow"] as const;

function valuesOf(name: (typeof SWITCHES)[number], before: WatchSettings, now: WatchSettings) {
  return { before: `${before[name] ?? "any"}`, after: `${now[name] ?? "any"}` };
}

/** A pause that the end cuts short. */
async function settled(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}

/** "fault, mss-not-clamped", and where packets go. */
function verdictOf({ diagnosis, path }: Snapshot): string {
  const { verdict, findings } = diagnosis;
  const cause = findings.find(({ severity }) => severity !== "note")?.cause;
  const address = tracedAddress(path);
  return [verdict, cause, address === undefined ? "no address" : undefined]
    .filter((part) => part !== undefined)
    .join(", ");
}
