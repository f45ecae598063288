// The connections of a followed program: what each did last, in bounded memory however many there are.

import type { ConnectionCondition } from "../schema/events/program.ts";
import { conditionOf, isLossy, type Movement, suspicion } from "./condition.ts";
import type { OwnedSample, Sampling } from "./port.ts";
import { wasUnanswered, wasUnused } from "./unanswered.ts";

export interface Connection {
  readonly sample: OwnedSample;
  /** Since the program was followed. */
  readonly openedAtMs: number;
  readonly condition: ConnectionCondition;
  /** How long nothing has moved; at its end, how long nothing had. */
  readonly silentMs: number;
  readonly closed: boolean;
  /** Closed without ever having been accepted, or without an answer. */
  readonly failed: boolean;
}

export interface Connections {
  /** @param atMs since the program was followed */
  update(sampling: Sampling, atMs: number): void;
  /** Those that are open. */
  open(): readonly Connection[];
  /** The most telling of those that closed, and how many closed in all. */
  closed(): { readonly kept: readonly Connection[]; readonly total: number };
  /** Whether any moved, opened or closed since then. */
  movedSince(atMs: number): boolean;
  /** When the last one opened, there still or not, and whosever it is where that is not known; null without any. */
  youngestMs(): number | null;
}

interface Entry {
  readonly openedAtMs: number;
  sample: OwnedSample;
  movement: Movement;
  burst: Burst;
}

/** What came since the flow began. */
interface Burst {
  readonly received: number;
}

/** Kept of those that closed. */
const MOST_CLOSED = 64;
/** A pause within a flow. */
const PAUSE_MS = 500;
/** Bytes of a flow that may have been broken off; most answers are smaller, and idle behind those is no sign of anything. */
const LONG_FLOW = 32_768;

/** @param proxies "address:port" or "host:port" of the environment's proxies */
export function createConnections(proxies: ReadonlySet<string> = new Set()): Connections {
  const entries = new Map<string, Entry>();
  const kept: Connection[] = [];
  let total = 0;
  let lastMoveMs = 0;
  let latestMs = 0;
  let youngestMs: number | null = null;
  const note = (sample: OwnedSample, atMs: number) => {
    const entry = entries.get(sample.id);
    if (entry === undefined) {
      entries.set(sample.id, begun(sample, atMs));
      lastMoveMs = atMs;
      youngestMs = atMs;
    } else if (follow(entry, sample, atMs)) lastMoveMs = atMs;
  };
  const end = (sample: OwnedSample, atMs: number) => {
    const known = entries.get(sample.id);
    if (known === undefined) youngestMs = atMs;
    const entry = known ?? begun(sample, atMs);
    follow(entry, sample, atMs);
    entries.delete(sample.id);
    total += 1;
    lastMoveMs = atMs;
    const one = connectionOf(entry, atMs);
    keep(kept, { ...one, closed: true, failed: hasFailed(one, atMs, proxies) });
  };
  return {
    update: ({ open, closed, unowned }, atMs) => {
      for (const sample of open) note(sample, atMs);
      for (const sample of closed) end(sample, atMs);
      if (unowned.length > 0) youngestMs = atMs;
      latestMs = atMs;
    },
    open: () => [...entries.values()].map((entry) => connectionOf(entry, latestMs)),
    closed: () => ({ kept, total }),
    movedSince: (atMs) => lastMoveMs > atMs,
    youngestMs: () => youngestMs,
  };
}

/** One that was there before it was followed has waited for longer than it was watched. */
function begun(sample: OwnedSample, atMs: number): Entry {
  const received = sample.info?.bytesReceived ?? 0;
  return {
    openedAtMs: atMs,
    sample,
    movement: {
      atMs: atMs - silentBefore(sample),
      outOfOrder: received === 0 ? 0 : (sample.info?.rcvOooPack ?? 0),
      wasLongFlow: false,
    },
    burst: { received },
  };
}

const SYN_SENT = 2;
const MS_PER_S = 1000;

/** What the kernel says of the time before the first sample: requests are repeated after 1, 3, 7 ... seconds (RFC 6298). */
function silentBefore({ state, info, ages }: OwnedSample): number {
  if (state === SYN_SENT) return (2 ** (info?.retransmits ?? 0) - 1) * MS_PER_S;
  if (ages === null) return 0;
  const { lastDataSentMs, lastDataReceivedMs, lastAckReceivedMs } = ages;
  // A repeated segment counts as sent anew.
  const isRepeated = (info?.retransmits ?? 0) > 0;
  const sinceSent = isRepeated ? lastAckReceivedMs : lastDataSentMs;
  return Math.min(sinceSent, lastDataReceivedMs);
}

/** @returns whether anything moved */
function follow(entry: Entry, sample: OwnedSample, atMs: number): boolean {
  const { sample: before, movement } = entry;
  entry.sample = sample;
  if (!hasMoved(before, sample)) return false;
  const received = sample.info?.bytesReceived ?? 0;
  const isNewFlow =
    atMs - movement.atMs > PAUSE_MS ||
    (before.info?.bytesAcked ?? 0) !== (sample.info?.bytesAcked ?? 0);
  if (isNewFlow) {
    entry.burst = { received: before.info?.bytesReceived ?? 0 };
  }
  entry.movement = {
    atMs,
    outOfOrder: sample.info?.rcvOooPack ?? 0,
    wasLongFlow: received - entry.burst.received >= LONG_FLOW,
  };
  return true;
}

/** What came out of order is no progress: it waits for what is missing. */
function hasMoved(before: OwnedSample, now: OwnedSample): boolean {
  return (
    before.state !== now.state ||
    before.info?.bytesAcked !== now.info?.bytesAcked ||
    before.info?.bytesReceived !== now.info?.bytesReceived ||
    before.unread !== now.unread
  );
}

/** A connection that moves on and loses a share of its segments crawls, whatever it does at the moment. */
function connectionOf({ sample, movement, openedAtMs }: Entry, atMs: number): Connection {
  const condition = conditionOf(sample, movement);
  const silentMs = Math.max(0, atMs - movement.atMs);
  const crawls = silentMs < MS_PER_S && isLossy(sample);
  return {
    sample,
    openedAtMs,
    condition: crawls ? "crawling" : condition,
    silentMs,
    closed: false,
    failed: false,
  };
}

/** A server that greets first has done so by then. */
const GREETING_MS = 1000;

function hasFailed(
  { sample, openedAtMs }: Connection,
  atMs: number,
  proxies: ReadonlySet<string>,
): boolean {
  // A client that came and said nothing is no failure of a server's.
  if (sample.accepted) return false;
  // It only tried whether somebody accepts, or was the slower of two.
  if (wasUnused(sample) && atMs - openedAtMs < GREETING_MS) return false;
  return wasUnanswered(sample, proxies);
}

/** Those that failed or owed something stay longest, then the latest. */
function keep(kept: Connection[], one: Connection): void {
  kept.push(one);
  if (kept.length <= MOST_CLOSED) return;
  const weight = ({ failed, condition }: Connection) =>
    (failed ? 2 : 0) + (suspicion(condition) === null ? 0 : 1);
  let least = 0;
  for (const [n, candidate] of kept.entries()) {
    const lowest = kept[least];
    if (lowest !== undefined && weight(candidate) < weight(lowest)) least = n;
  }
  kept.splice(least, 1);
}
