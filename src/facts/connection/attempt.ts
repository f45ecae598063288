// What one TCP attempt shows about sizes: shared by the sweep that picks the next size and by the rules.

import type { Attempt, StageResult, Stall } from "../../model/connections.ts";
import type { Family } from "../../schema/events/common.ts";
import type { TcpInfo, TcpPurpose, TcpStage } from "../../schema/events/tcp.ts";

/** IP and TCP headers without options, in bytes (RFC 791, RFC 8200, RFC 9293). */
export const TCP_HEADERS = { 4: 40, 6: 60 } as const;
/** The timestamps option with its padding (RFC 7323). */
export const TIMESTAMPS_BYTES = 12;
/** What the kernel assumes of the far side's segments before it saw any (net/tcp.h, TCP_MSS_DEFAULT). */
const RCV_MSS_DEFAULT = 536;

/** The code of a stage that the far side ended without a byte of answer. */
export const CLOSED = "CLOSED";
/** The code of a stage that the far side ended by refusing the connection in its own protocol. */
export const REFUSED = "REFUSED";
/** The codes of a stage that the proxy on the way ended: by its refusal, and by words that are not of its protocol. */
export const PROXY_REFUSED = "PROXY_REFUSED";
export const PROXY_NOT_SPOKEN = "PROXY_NOT_SPOKEN";

/** Linux' names for a connection that the other side ended by a reset. */
const RESETS: readonly string[] = ["ECONNRESET", "EPIPE", "ECONNABORTED"];

/** @param code of a stage that failed */
export function isReset(code: string): boolean {
  return RESETS.includes(code);
}

export type AttemptState =
  /** Reached its goal. */
  | "passed"
  /** Waits for data that its round trips do not explain. */
  | "stalled"
  /** Ended by an error or by the far side. */
  | "failed"
  | "pending";

const STAGES: readonly TcpStage[] = ["connect", "tls", "http"];

/** Those that are given as long as they need. */
const WAITED_FOR: readonly TcpPurpose[] = ["default", "uncached"];

/** How an attempt stands toward a goal, whatever came after it. */
export function attemptState(attempt: Attempt, goal: TcpStage): AttemptState {
  const within = (stage: TcpStage) => STAGES.indexOf(stage) <= STAGES.indexOf(goal);
  const stages = attempt.stages.filter((stage) => within(stage.stage));
  const stalls = attempt.stalls.filter((stall) => within(stall.stage));
  const last = stages.at(-1);
  if (stalls.some((stall) => isStill(attempt, stall))) return "stalled";
  // An attempt of the sweep that was ended before it stalled shows nothing about its size.
  if (last?.result.kind === "no-reply") {
    return WAITED_FOR.includes(attempt.purpose) ? "stalled" : "failed";
  }
  if (last?.stage === goal && last.result.kind === "ok") return "passed";
  const goesOn = attempt.ended === null && (last === undefined || last.result.kind === "ok");
  return goesOn ? "pending" : "failed";
}

/** A stall that nothing came after: neither the end of its stage nor, in an answer, another byte. */
function isStill(attempt: Attempt, stall: Stall): boolean {
  const ended = stageOf(attempt, stall.stage);
  if (ended === undefined) return true;
  if (ended.sinceStartMs > stall.sinceStartMs) return ended.result.kind === "no-reply";
  if (attempt.ended?.complete === true) return false;
  return lastInfo(attempt)?.bytesReceived === stall.info?.bytesReceived;
}

/** How a stage ended; undefined where it did not, or nothing was connected to. */
export function stageOf(attempt: Attempt | undefined, stage: TcpStage): StageResult | undefined {
  return attempt?.stages.find((ended) => ended.stage === stage);
}

/** The newest TCP_INFO of an attempt. */
export function lastInfo(attempt: Attempt): TcpInfo | null {
  const known = newest.get(attempt);
  if (known !== undefined) return known;
  const info = newestInfo(attempt);
  newest.set(attempt, info);
  return info;
}

/** Dozens of facts ask for it of every attempt, and an attempt is never changed: another takes its place. */
const newest = new WeakMap<Attempt, TcpInfo | null>();

function newestInfo(attempt: Attempt): TcpInfo | null {
  const seen = [
    ...attempt.stages.map((stage) => ({ at: stage.sinceStartMs, info: stage.info })),
    ...attempt.stalls.map((stall) => ({ at: stall.sinceStartMs, info: stall.info })),
    { at: attempt.ended?.sinceStartMs ?? -1, info: attempt.ended?.info ?? null },
  ];
  let last: { readonly at: number; readonly info: TcpInfo } | null = null;
  for (const { at, info } of seen) {
    if (info !== null && (last === null || at >= last.at)) last = { at, info };
  }
  return last?.info ?? null;
}

/** Linux repeats an unanswered SYN each second, or less often (RFC 6298 s.2, tcp_syn_linear_timeouts). */
export const SYN_RTO_MS = 1000;

/**
 * How often the SYN of a connection was repeated because it, or its answer, was lost: not because the
 * round trip takes longer than the kernel waits.
 */
export function lostSyns(attempt: Attempt): number {
  const connect = stageOf(attempt, "connect");
  const repeated = connect?.info?.totalRetrans ?? 0;
  const rtts = [connect?.info, lastInfo(attempt)].flatMap((info) => info?.rttMs || []);
  if (repeated === 0 || rtts.length === 0) return repeated;
  return Math.max(0, repeated - Math.floor(Math.min(...rtts) / SYN_RTO_MS));
}

/** Whether a SYN or its answer was lost, as far as the connection has got. */
export function isSynLost(attempt: Attempt): boolean {
  const { stages, stalls } = attempt;
  const isOver = stages.some(({ stage }) => stage === "connect");
  return isOver ? lostSyns(attempt) > 0 : stalls.some(({ stage }) => stage === "connect");
}

/** Size in bytes of the largest IP packet that this attempt invites the far side to send. */
export function offeredBytes(attempt: Attempt): number | null {
  const info = lastInfo(attempt);
  // With timestamps the kernel takes their bytes off tcpi_advmss once connected (tcp_input.c).
  const advertised = info === null ? null : info.advMss + optionBytes(info);
  // TCP_MAXSEG is an upper limit: a PMTU that the kernel has cached meanwhile lowers what is offered (tcp_output.c).
  const mss = Math.min(attempt.mss ?? Infinity, advertised ?? Infinity);
  return mss === Infinity ? null : mss + TCP_HEADERS[attempt.family];
}

/**
 * Size in bytes of the largest IP packet that arrived, from `tcpi_rcv_mss`; null when nothing
 * larger than the kernel's first guess came, so that the figure is only that guess.
 * @param offered the MSS, where it was chosen: of one that is no larger than the guess, a burst shows what arrived
 */
export function receivedBytes(
  info: TcpInfo | null,
  family: Family,
  offered: number | null = null,
): number | null {
  if (info === null || (info.bytesReceived ?? 1) === 0) return null;
  if (info.rcvMss <= RCV_MSS_DEFAULT && !isSmallBurst(info, offered)) return null;
  return info.rcvMss + optionBytes(info) + TCP_HEADERS[family];
}

/** Smaller ones would have changed the guess by now: it becomes what came twice in a row (tcp_input.c, tcp_measure_rcv_mss). */
function isSmallBurst(info: TcpInfo, offered: number | null): boolean {
  if (offered === null || offered - optionBytes(info) > RCV_MSS_DEFAULT) return false;
  return (info.bytesReceived ?? 0) > 2 * info.rcvMss;
}

/** Size in bytes of the full-size IP packets that this attempt sends. */
export function sentBytes(info: TcpInfo, family: Family): number {
  return info.sndMss + optionBytes(info) + TCP_HEADERS[family];
}

function optionBytes(info: TcpInfo): number {
  return info.timestamps ? TIMESTAMPS_BYTES : 0;
}

/**
 * Data arrived that the stream could not take, because what comes before it is missing: full-size
 * segments vanished and a smaller one got through. `tcpi_rcv_ooopack` counts them from Linux 5.4 on;
 * before, a data segment that added no byte does (4.6 on).
 * @param since the same connection earlier, when only what came after counts
 */
export function arrivedOutOfOrder(info: TcpInfo, since: TcpInfo | null): boolean {
  if (info.rcvOooPack !== null) return info.rcvOooPack > (since?.rcvOooPack ?? 0);
  const noBytes = info.bytesReceived === (since?.bytesReceived ?? 0);
  return noBytes && (info.dataSegsIn ?? 0) > (since?.dataSegsIn ?? 0);
}

/** Our own data is retransmitted again and again: it, or its ACK, is lost. */
export function unacknowledged(info: TcpInfo): boolean {
  return info.unacked > 0 && (info.retransmits > 0 || info.totalRetrans > 0);
}
