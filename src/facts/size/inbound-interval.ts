// Which inbound sizes passed and which stalled, by the connections of the sweep and the one that it was made for.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import {
  arrivedOutOfOrder,
  attemptState,
  isSynLost,
  lastInfo,
  offeredBytes,
  receivedBytes,
  stageOf,
} from "../connection/attempt.ts";
import { hungIn, inboundSubject } from "./inbound-subject.ts";
import { type SizeInterval, type SizeResult, sizeInterval } from "./size-interval.ts";

/** Passed and stalled sizes of the sweep and of the default attempt. */
export function inboundInterval(path: Path, goal: TcpStage): SizeInterval {
  const swept = sizedAttempts(path);
  const passed = swept.filter((attempt) => attemptState(attempt, goal) === "passed");
  const largest = Math.max(0, ...passed.map((attempt) => observedBytes(attempt) ?? 0));
  const quickestMs = Math.min(...passed.map((attempt) => answeredAfterMs(attempt, goal)));
  const subject = inboundSubject(path);
  const sizeOf =
    subject?.purpose === "long-answer"
      ? (attempt: Attempt) => longResult(attempt, goal)
      : (attempt: Attempt) => sizeResult(attempt, goal, { largest, quickestMs });
  const results = swept.flatMap(sizeOf);
  // SYNs are small: no size explains that one was lost.
  return sizeInterval(results, path.attempts.some(isSynOfPath));
}

/** A port that is taken again at once may have its SYN refused for that. */
function isSynOfPath(attempt: Attempt): boolean {
  return attempt.purpose !== "size-flow" && isSynLost(attempt);
}

/** The connections that show a size: those of the sweep, and the one that it was made for. */
export function sizedAttempts(path: Path): readonly Attempt[] {
  const subject = inboundSubject(path);
  const isOfSubject = ({ purpose, port, raw }: Attempt) =>
    purpose === "mss-sweep" && port === subject?.port && raw === subject.raw;
  return path.attempts.filter((attempt) => attempt === subject || isOfSubject(attempt));
}

/** Where many answers are to fill segments: only what was filled has passed, and a server may answer late. */
function longResult(attempt: Attempt, goal: TcpStage): readonly SizeResult[] {
  const state = attemptState(attempt, goal);
  const offered = offeredBytes(attempt);
  if (offered === null) return [];
  if (state === "stalled")
    return isLossSeen(attempt) ? [{ sizeBytes: offered, passed: false }] : [];
  if (state !== "passed") return [];
  const received = observedBytes(attempt) ?? SMALLEST_BYTES;
  return [{ sizeBytes: Math.min(received, offered), passed: true }];
}

/** What any host takes, and the kernel's first guess of a segment: nothing smaller can be told apart. */
const SMALLEST_BYTES = 576;

/** What the attempts that passed show of the server. */
interface Passing {
  /** The largest packet that arrived in any of them, in bytes. */
  readonly largest: number;
  /** The shortest time to an answer of any of them; infinite without one. */
  readonly quickestMs: number;
}

function sizeResult(
  attempt: Attempt,
  goal: TcpStage,
  { largest, quickestMs }: Passing,
): readonly SizeResult[] {
  const state = attemptState(attempt, goal);
  const offered = offeredBytes(attempt);
  if (offered === null) return [];
  if (state === "stalled") {
    const shown = isLossSeen(attempt) || waitedMs(attempt) >= quickestMs || quickestMs === Infinity;
    const ofSize = shown && !tookServersSize(attempt, largest);
    return ofSize ? [{ sizeBytes: offered, passed: false }] : [];
  }
  if (state !== "passed") return [];
  if (hungIn(attempt) === null) return [{ sizeBytes: offered, passed: true }];
  // It hung and went on: perhaps in smaller segments. Only what arrived has passed.
  const received = observedBytes(attempt);
  return received === null ? [] : [{ sizeBytes: Math.min(received, offered), passed: true }];
}

/** From the connection to the end of the stage. */
function answeredAfterMs(attempt: Attempt, goal: TcpStage): number {
  return (stageOf(attempt, goal)?.sinceStartMs ?? Infinity) - connectedAtMs(attempt);
}

/** How long a connection was seen to wait: one that we ended before any other was answered shows nothing. */
function waitedMs(attempt: Attempt): number {
  const seen = [...attempt.stages, ...attempt.stalls].map(({ sinceStartMs }) => sinceStartMs);
  return Math.max(0, attempt.ended?.sinceStartMs ?? 0, ...seen) - connectedAtMs(attempt);
}

function connectedAtMs(attempt: Attempt): number {
  return stageOf(attempt, "connect")?.sinceStartMs ?? 0;
}

/** Segments came that the stream could not take: what is missing was sent. */
function isLossSeen(attempt: Attempt): boolean {
  const info = lastInfo(attempt);
  return info !== null && arrivedOutOfOrder(info, null);
}

/** The largest packet that came, in bytes; null where none tells. */
export function observedBytes(attempt: Attempt): number | null {
  return receivedBytes(lastInfo(attempt), attempt.family, attempt.mss);
}

/**
 * The attempt had several segments, in order, as large as any that this server sends: what it then
 * waited for was not lost for its size.
 */
function tookServersSize(attempt: Attempt, largest: number): boolean {
  const info = lastInfo(attempt);
  const size = observedBytes(attempt);
  if (info === null || size === null || largest === 0) return false;
  return size >= largest && (info.bytesReceived ?? 0) >= 2 * info.rcvMss;
}
