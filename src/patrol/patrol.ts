// Watches targets for hours: a cheap check of each in turn, and a whole diagnosis where one fails, recovers, or the network changed.

import type { Clock } from "../clock.ts";
import { changesBetween, type NetworkState } from "../watch/network-state.ts";
import type { JournalLine, VerdictLine } from "./journal.ts";

export interface Checked {
  /** Null where nothing so cheap tells. */
  readonly isUp: boolean | null;
  /** Whether packets of full size were among what came: else a path that loses those alone looks well. */
  readonly isWhole: boolean;
}

export interface PatrolPorts<Target> {
  readonly clock: Clock;
  /** Null: as before, as far as anybody told. */
  readState(signal: AbortSignal): Promise<NetworkState | null>;
  /** Whether the target answers as a program would meet it, for the price of a handshake. */
  check(target: Target, signal: AbortSignal): Promise<Checked>;
  diagnose(
    target: Target,
    signal: AbortSignal,
  ): Promise<Omit<VerdictLine, "kind" | "at" | "target">>;
  write(line: JournalLine): void;
}

export interface PatrolInput<Target> extends PatrolPorts<Target> {
  readonly targets: readonly { readonly input: string; readonly target: Target }[];
  readonly everyMs: number;
  /** Null: until the signal. */
  readonly forMs: number | null;
  readonly signal: AbortSignal;
}

/** A round that comes so much later than it should: the machine slept. */
const SLEPT_MS = 60_000;
/** What is broken is diagnosed again after so many rounds: its cause may be another one, or it may be well unnoticed. */
const AGAIN_ROUNDS = 20;
/** And what is well, where the check sees only a part of it. */
const UNSEEN_ROUNDS = 120;

interface Standing {
  /** Null before the first check. */
  isUp: boolean | null;
  /** By the last diagnosis. */
  isBroken: boolean;
  roundsSinceDiagnosis: number;
  last: string | null;
}

const UNKNOWN: Standing = { isUp: null, isBroken: false, roundsSinceDiagnosis: 0, last: null };

export async function patrol<Target>(input: PatrolInput<Target>): Promise<void> {
  const { clock, signal, everyMs, forMs, write } = input;
  const startedMs = clock.now();
  const standing = new Map<string, Standing>();
  const at = () => clock.date().toISOString();
  let state: NetworkState = {};
  let lastDateMs = clock.date().getTime();
  write({ kind: "started", at: at() });
  const look = async (): Promise<boolean> => {
    const next = await input.readState(signal);
    if (next === null) return false;
    const changes = changesBetween(state, next);
    state = { ...state, ...next };
    for (const { what, subject, before, after } of changes) {
      write({ kind: "change", at: at(), what, subject, before, after });
    }
    return changes.length > 0;
  };
  const isOver = () => signal.aborted || (forMs !== null && clock.now() - startedMs >= forMs);
  while (!isOver()) {
    const ms = clock.date().getTime() - lastDateMs;
    if (ms > everyMs + SLEPT_MS) write({ kind: "slept", at: at(), ms });
    lastDateMs = clock.date().getTime();
    const hasChanged = await look();
    for (const { input: name, target } of input.targets) {
      if (signal.aborted) break;
      const known = standing.get(name) ?? { ...UNKNOWN };
      standing.set(name, known);
      await round(input, name, target, known, hasChanged);
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
  write({ kind: "ended", at: at() });
}

async function round<Target>(
  { clock, check, diagnose, write, signal }: PatrolInput<Target>,
  name: string,
  target: Target,
  known: Standing,
  hasChanged: boolean,
): Promise<void> {
  const checked = await check(target, signal);
  const { isUp } = checked;
  if (signal.aborted) return;
  const isWanted = isFirst(known) || known.isUp !== isUp || hasChanged || isOld(known, checked);
  known.isUp = isUp;
  known.roundsSinceDiagnosis += 1;
  if (!isWanted) return;
  known.roundsSinceDiagnosis = 0;
  const found = await diagnose(target, signal);
  if (signal.aborted) return;
  known.isBroken = found.verdict === "fault" || found.verdict === "degraded";
  const said = `${found.verdict} ${found.cause}`;
  // Nothing new is no line: a network that changes every minute fills no disk.
  if (said === known.last) return;
  known.last = said;
  write({ kind: "verdict", at: clock.date().toISOString(), target: name, ...found });
}

function isFirst({ last }: Standing): boolean {
  return last === null;
}

function isOld({ isBroken, roundsSinceDiagnosis }: Standing, { isUp, isWhole }: Checked): boolean {
  if (isBroken || isUp === false) return roundsSinceDiagnosis >= AGAIN_ROUNDS;
  return !isWhole && roundsSinceDiagnosis >= UNSEEN_ROUNDS;
}
