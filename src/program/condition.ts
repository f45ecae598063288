// What a connection is doing, from the kernel's own counters: whether it moves, waits, or is stuck.
//
// 1. A connection request without an answer is stuck, and so is data that is not acknowledged.
// 2. Segments behind a missing one prove a loss: what came in order has stopped, and more arrives.
// 3. Where this end spoke last, it waits for an answer: the network's fault or a slow server's, which probes tell apart.
// 4. Where the other end spoke last, nothing is owed: idle; a long flow may have been broken off, which probes tell.
// 5. A connection whose end, or whose keep-alive probes, are repeated in vain is dead: a live one's kernel answers, however slow its server.
// 6. Bytes that came and are not read are the program's own business.

import type { ConnectionCondition } from "../schema/events/program.ts";
import type { OwnedSample } from "./port.ts";

/** What a connection was when its counters last moved. */
export interface Movement {
  /** When they last did, by the run's clock. */
  readonly atMs: number;
  /** Segments that came out of order until then. */
  readonly outOfOrder: number;
  /** Whether what came last was a flow that may have been broken off. */
  readonly wasLongFlow: boolean;
}

/** net/tcp_states.h */
const SYN_SENT = 2;
/** ESTABLISHED, and CLOSE_WAIT: what the other end has closed, this one may still write to. */
const OPEN_STATES: readonly number[] = [1, 8];
/** FIN_WAIT1, LAST_ACK and CLOSING: this end is done, and the other end has not acknowledged that. */
const ENDING_STATES: readonly number[] = [4, 9, 11];
/** One may be lost. */
const IN_VAIN = 2;
const NAME_PORT = 53;
/** Fewer say nothing of a rate. */
const LEAST_LOST = 10;
const LOSSY = 0.03;

export function conditionOf(sample: OwnedSample, movement: Movement): ConnectionCondition {
  const { protocol, port, state, info, zeroWindow, unread, unsent } = sample;
  if (protocol === "udp") return port === NAME_PORT ? "looking-up" : "idle";
  if (state === SYN_SENT) return "connecting";
  if (isGone(sample)) return "gone";
  // Of one that is being closed nobody waits for anything.
  if (!OPEN_STATES.includes(state)) return "idle";
  if (unread > 0) return "program-does-not-read";
  if (zeroWindow) return "other-end-full";
  if (unsent > 0) return "sending";
  if (info === null) return "idle";
  if ((info.rcvOooPack ?? 0) > movement.outOfOrder) return "gap";
  if (spokeLast(sample)) return "awaiting";
  return movement.wasLongFlow ? "cut-off" : "idle";
}

/** Whether it moves, and loses so much that it crawls. */
export function isLossy({ info }: OwnedSample): boolean {
  if (info === null) return false;
  const { totalRetrans, segsOut, rcvOooPack, dataSegsIn } = info;
  const isLost = (lost: number, all: number) => lost >= LEAST_LOST && lost / all >= LOSSY;
  return isLost(totalRetrans, segsOut ?? 0) || isLost(rcvOooPack ?? 0, dataSegsIn ?? 0);
}

function isGone({ state, info, keepAlivesLost }: OwnedSample): boolean {
  const repeats = isEnding(state) ? (info?.retransmits ?? 0) : keepAlivesLost;
  return repeats >= IN_VAIN;
}

/** Whether the other end's kernel owes nothing but the acknowledgement of the end. */
export function isEnding(state: number): boolean {
  return ENDING_STATES.includes(state);
}

/** This end, or nobody yet: a server that greets first owes the greeting. */
function spokeLast({ ages, info }: OwnedSample): boolean {
  if ((info?.bytesReceived ?? 0) === 0) return true;
  return ages !== null && ages.lastDataSentMs < ages.lastDataReceivedMs;
}

/** Conditions in which something is owed to the program, the surest sign of a broken network first. */
const OWED: readonly ConnectionCondition[] = [
  "gone",
  "gap",
  "connecting",
  "sending",
  "looking-up",
  "cut-off",
  "awaiting",
  "crawling",
];

/** Rank among them: the lower, the surer; null where nothing is owed. */
export function suspicion(condition: ConnectionCondition): number | null {
  const rank = OWED.indexOf(condition);
  return rank === -1 ? null : rank;
}

/** Conditions that are no proof by themselves: only probes that fail too make a fault of them. */
export function isProof(condition: ConnectionCondition): boolean {
  return condition !== "awaiting" && condition !== "cut-off" && suspicion(condition) !== null;
}
