// The inbound PMTU as the TCP attempts show it: which sizes arrived, which never did, and what recovered.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { TcpStage } from "../../schema/events/tcp.ts";
import { unknownPmtu } from "../../schema/unknown-pmtu.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import {
  arrivedOutOfOrder,
  attemptState,
  lastInfo,
  offeredBytes,
  stageOf,
} from "../connection/attempt.ts";
import { perPath } from "../per-path.ts";
import { betweenBytes } from "../reasons.ts";
import { type BalancedLimit, balancedLimits } from "./balanced.ts";
import { inboundInterval, observedBytes, sizedAttempts } from "./inbound-interval.ts";
import { hungIn, inboundSubject, isMissing } from "./inbound-subject.ts";
import { programHang } from "./program-hang.ts";
import type { SizeInterval } from "./size-interval.ts";
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
  /** The limit holds on some of several balanced paths: it is that of its ports, whatever other connections came to. */
  readonly balanced: BalancedLimit | null;
  readonly evidence: readonly string[];
}

const UNKNOWN = unknownPmtu("no connection brought any data");

export const inboundFacts = perPath("inboundFacts", (path): InboundFacts => {
  const facts = withProgramHang(path, computeInboundFacts(path));
  const balanced = balancedLimits(path).inbound;
  if (balanced === null) return facts;
  const { estimate, interval } = balanced;
  const evidence = [...facts.evidence, ...balanced.evidence];
  const rest = { cached: false, everySizeHangs: false };
  return { ...facts, ...rest, balanced, estimate, interval, evidence };
});

/** Where every new connection gets its answer, one of a program that is older may show why it did not. */
function withProgramHang(path: Path, facts: InboundFacts): InboundFacts {
  const hang = facts.hungIn === null ? programHang(path) : null;
  const atLeast = facts.estimate.atLeast;
  if (hang === null || atLeast === null || atLeast >= hang.offered) return facts;
  const { offered: below, outOfOrder, evidence } = hang;
  const reason = betweenBytes(atLeast, below - 1);
  return {
    ...facts,
    hungIn: "http",
    outOfOrder,
    interval: { passed: atLeast, failed: below, ambiguous: null, lost: [] },
    estimate: { bytes: null, exact: false, atLeast, below, basis: "tcp", silent: true, reason },
    evidence: [...evidence, ...facts.evidence],
  };
}

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
      balanced: null,
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
    balanced: null,
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
