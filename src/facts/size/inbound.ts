// The inbound PMTU as the TCP attempts show it: which sizes arrived, which never did, and what recovered.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import { unknownPmtu } from "../../schema/unknown-pmtu.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import {
  arrivedOutOfOrder,
  attemptState,
  isSynLost,
  lastInfo,
  offeredBytes,
  receivedBytes,
  stageOf,
} from "../connection/attempt.ts";
import { perPath } from "../per-path.ts";
import { betweenBytes } from "../reasons.ts";
import { hungIn, inboundSubject, isMissing } from "./inbound-subject.ts";
import { type SizeInterval, type SizeResult, sizeInterval } from "./size-interval.ts";
import { untriedSizes } from "./untried-sizes.ts";
import { wholeEcho } from "./whole-echo.ts";

export interface InboundFacts {
  /** The connection that hung, else the default attempt. */
  readonly subject: Attempt | null;
  readonly estimate: PmtuEstimate;
  /** The stage in which the default attempt hung, or the one beside it that a cached PMTU does not keep small; null when it did not. */
  readonly hungIn: TcpStage | null;
  /** How long it hung before it went on, null when it never did. */
  readonly recoveredAfterMs: number | null;
  /** The default attempt itself got through, as the cached PMTU kept its segments small. */
  readonly hiddenByCache: boolean;
  /** Some full-size segments vanished while a smaller one behind them arrived. */
  readonly outOfOrder: boolean;
  /**
   * A connection that hung went on at once in smaller segments than it offers: the server was notified of
   * a limit, so the limit sends ICMP errors.
   */
  readonly cached: boolean;
  /** Every size hung, the smallest too: it is not about size. */
  readonly everySizeHangs: boolean;
  readonly interval: SizeInterval;
  readonly evidence: readonly string[];
}

const UNKNOWN = unknownPmtu("no connection brought any data");

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
  return sizeInterval(results, path.attempts.some(isSynLost));
}

/** The connections that show a size: those of the sweep, and the one that it was made for. */
function sizedAttempts(path: Path): readonly Attempt[] {
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

function observedBytes(attempt: Attempt): number | null {
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

export const inboundFacts = perPath("inboundFacts", computeInboundFacts);

function computeInboundFacts(path: Path): InboundFacts {
  const attempt = inboundSubject(path);
  const none = { passed: null, failed: null, ambiguous: null, lost: [] };
  if (attempt === undefined) {
    return {
      subject: null,
      estimate: UNKNOWN,
      hungIn: null,
      recoveredAfterMs: null,
      hiddenByCache: false,
      outOfOrder: false,
      cached: false,
      everySizeHangs: false,
      interval: none,
      evidence: [],
    };
  }
  const hung = hungIn(attempt);
  const sizes = hung === null ? none : inboundInterval(path, hung);
  const recoveredAfterMs = hung === null ? null : recoveryDelay(attempt, hung);
  const swept = path.connections["mss-sweep"];
  const stalled = swept.filter(
    (candidate) => hung !== null && attemptState(candidate, hung) === "stalled",
  );
  const cached =
    hung !== null &&
    [attempt, ...swept].some((one) => hasCachedPmtu(one, hung) && !isRefuted(one, hung, stalled));
  const open = cached ? { ...sizes, failed: null, ambiguous: null } : sizes;
  return {
    subject: attempt,
    estimate: hung === null ? fromAnswer(path, attempt) : fromSweep(path, hung, open),
    hiddenByCache: hung !== null && attempt.raw === true,
    cached,
    hungIn: hung,
    recoveredAfterMs,
    outOfOrder: [attempt, ...stalled].some(hadGap),
    everySizeHangs: swept.length > 0 && stalled.length === swept.length && sizes.passed === null,
    interval: open,
    evidence:
      hung === null ? [attempt.stages.at(-1)?.id ?? attempt.id] : conclusive(path, sizes, hung),
  };
}

/** A server that probes for black holes (RFC 4821) needs seconds; one that was notified, a round trip or a repetition. */
const NOTIFIED_WITHIN_MS = 1000;

function hasCachedPmtu(attempt: Attempt, hung: TcpStage): boolean {
  const delayMs = recoveryDelay(attempt, hung);
  if (delayMs === null || delayMs >= NOTIFIED_WITHIN_MS || hungIn(attempt) === null) return false;
  const received = observedBytes(attempt);
  const offered = offeredBytes(attempt);
  return received !== null && offered !== null && received < offered;
}

/**
 * A server that knows of a limit keeps to it: who hangs for good in a connection begun afterwards was
 * not notified. The first one only waited, as for a busy server, whose segments are small of themselves.
 */
function isRefuted(recovered: Attempt, hung: TcpStage, stalled: readonly Attempt[]): boolean {
  const passed = stageOf(recovered, hung);
  if (passed === undefined) return false;
  const knownAtMs = recovered.atMs + passed.sinceStartMs;
  return stalled.some(({ atMs }) => atMs > knownAtMs);
}

function recoveryDelay(attempt: Attempt, hung: TcpStage): number | null {
  if (attemptState(attempt, hung) !== "passed") return null;
  const stall = attempt.stalls.find(
    (candidate) => candidate.stage === hung && isMissing(attempt, candidate),
  );
  const ended = stageOf(attempt, hung);
  const atMs = Math.max(ended?.sinceStartMs ?? 0, attempt.ended?.sinceStartMs ?? 0);
  const until = ended !== undefined && ended.sinceStartMs > (stall?.sinceStartMs ?? 0);
  return (until ? (ended?.sinceStartMs ?? 0) : atMs) - (stall?.sinceStartMs ?? 0);
}

function hadGap(attempt: Attempt): boolean {
  return attempt.stalls.some(({ info }) => info !== null && arrivedOutOfOrder(info, null));
}

/**
 * It got its answer: the largest packet of it, or of a longer one, is what is known, or an echo's that a cached PMTU did not
 * keep small.
 */
function fromAnswer(path: Path, attempt: Attempt): PmtuEstimate {
  const sizes = [attempt, ...path.connections["long-answer"]].flatMap(
    (one) => observedBytes(one) ?? [],
  );
  const echo = wholeEcho(path)?.sizeBytes ?? 0;
  if (echo > Math.max(0, ...sizes)) {
    return { ...UNKNOWN, bytes: echo, atLeast: echo, basis: "icmp", reason: null };
  }
  if (sizes.length > 0) {
    const received = Math.max(...sizes);
    return { ...UNKNOWN, bytes: received, atLeast: received, basis: "tcp", reason: null };
  }
  const info = lastInfo(attempt);
  if (info === null && attemptState(attempt, "connect") === "passed") {
    return { ...UNKNOWN, reason: "TCP_INFO cannot be read here, which has the size of what came" };
  }
  const answered = (info?.bytesReceived ?? 0) > 0;
  const reason = answered
    ? "the answer fitted in small segments, so nothing larger was seen to arrive"
    : UNKNOWN.reason;
  return { ...UNKNOWN, reason };
}

function fromSweep(path: Path, hung: TcpStage, sizes: SizeInterval): PmtuEstimate {
  const passed = sizedAttempts(path).filter((attempt) => attemptState(attempt, hung) === "passed");
  const observed = passed.flatMap((attempt) => observedBytes(attempt) ?? []);
  const atLeast = observed.length === 0 ? null : Math.max(...observed);
  const below = sizes.failed;
  if (sizes.passed === null) {
    const untried = untriedSizes(path);
    if (untried !== null) return { ...UNKNOWN, reason: untried };
    const reason = "no size passed, the smallest neither: it is not about size";
    return { ...UNKNOWN, basis: "tcp", reason };
  }
  const silent = below !== null;
  const exact = below !== null && atLeast !== null && below === atLeast + 1;
  const bytes = exact || below === null ? atLeast : null;
  const reason =
    bytes === null ? betweenBytes(atLeast ?? "an unknown size", (below ?? 0) - 1) : null;
  return { bytes, exact, atLeast, below, basis: "tcp", silent, reason };
}

/** The events that show the two sides of the limit, and the hang that it was looked for after. */
function conclusive(path: Path, sizes: SizeInterval, hung: TcpStage): readonly string[] {
  const shown = sizedAttempts(path).flatMap((attempt) => {
    const offered = offeredBytes(attempt);
    const state = attemptState(attempt, hung);
    const side =
      attempt === inboundSubject(path) ||
      (offered === sizes.passed && state === "passed") ||
      (offered === sizes.failed && state === "stalled");
    if (!side) return [];
    const stall = attempt.stalls.find((candidate) => candidate.stage === hung)?.id;
    const ended = stageOf(attempt, hung)?.id;
    return [attempt.id, stall, ended].filter((id) => id !== undefined);
  });
  return [...new Set(shown)];
}
