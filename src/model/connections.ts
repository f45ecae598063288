// The TCP connections of a run: each from its SYN to its end, and all of them by what they were made for.

import type { ProbeEvent } from "../schema/event.ts";
import type { Family } from "../schema/events/common.ts";
import type {
  AltSvc,
  Certificate,
  ProtocolAnswer,
  TcpInfo,
  TcpPurpose,
  TcpResult,
  TcpStage,
} from "../schema/events/tcp.ts";
import type { HttpAnswer } from "../schema/events/web.ts";
import type { Add } from "./add.ts";
import type { Seen } from "./seen.ts";

export interface StageResult {
  readonly id: string;
  readonly stage: TcpStage;
  readonly ms: number;
  readonly sinceStartMs: number;
  readonly result: TcpResult;
  readonly info: TcpInfo | null;
}

export interface Stall {
  readonly id: string;
  readonly stage: TcpStage;
  readonly sinceStartMs: number;
  /** Null where TCP_INFO is refused. */
  readonly info: TcpInfo | null;
}

/** One TCP connection, from SYN to its end. */
export interface Attempt {
  /** The attempt's own name, "t1". */
  readonly attempt: string;
  /** Event id of its start. */
  readonly id: string;
  /** When it started, since the run began. */
  readonly atMs: number;
  readonly purpose: TcpPurpose;
  readonly address: string;
  readonly family: Family;
  readonly port: number;
  readonly mss: number | null;
  readonly firstFlightBytes: number | null;
  readonly serverName?: string | undefined;
  readonly sourcePort?: number | undefined;
  readonly raw?: boolean | undefined;
  readonly stages: readonly StageResult[];
  readonly stalls: readonly Stall[];
  readonly certificate: Seen<Certificate> | null;
  readonly altSvc: Seen<AltSvc> | null;
  readonly answer: Seen<HttpAnswer> | null;
  /** Absent where the web's protocols were spoken, or none. */
  readonly protocol?: Seen<ProtocolAnswer> | undefined;
  readonly ended: {
    readonly id: string;
    readonly sinceStartMs: number;
    readonly complete: boolean;
    readonly info: TcpInfo | null;
  } | null;
}

/** By purpose; each list in the order of their start. */
export type Connections = Readonly<Record<TcpPurpose, readonly Attempt[]>>;

export function connectionsOf(attempts: readonly Attempt[]): Connections {
  const made = (purpose: TcpPurpose) => attempts.filter((attempt) => attempt.purpose === purpose);
  return {
    default: made("default"),
    "other-family": made("other-family"),
    "other-address": made("other-address"),
    "mss-sweep": made("mss-sweep"),
    "outbound-sweep": made("outbound-sweep"),
    "other-name": made("other-name"),
    "same-name": made("same-name"),
    "large-hello": made("large-hello"),
    "long-answer": made("long-answer"),
    uncached: made("uncached"),
    "segment-loss": made("segment-loss"),
    "size-flow": made("size-flow"),
  };
}

/** @param add how a list gets one more */
export function reduceAttempts(
  attempts: readonly Attempt[],
  event: AttemptEvent,
  add: Add,
): readonly Attempt[] {
  if (event.kind === "tcp-started") {
    return add(attempts, {
      ...event,
      stages: [],
      stalls: [],
      certificate: null,
      altSvc: null,
      answer: null,
      ended: null,
    });
  }
  // An event of an attempt whose start was lost belongs to no known size or address.
  return attempts.map((attempt) =>
    attempt.attempt === event.attempt ? reduceAttempt(attempt, event, add) : attempt,
  );
}

type AttemptEvent = Extract<
  ProbeEvent,
  {
    kind:
      | "tcp-started"
      | "tcp-stage"
      | "tcp-stalled"
      | "tcp-ended"
      | "certificate"
      | "alt-svc"
      | "protocol-answer"
      | "http-answer";
  }
>;

function reduceAttempt(
  attempt: Attempt,
  event: Exclude<AttemptEvent, { kind: "tcp-started" }>,
  add: Add,
): Attempt {
  switch (event.kind) {
    case "tcp-stage":
      return { ...attempt, stages: add(attempt.stages, event) };
    case "tcp-stalled":
      return { ...attempt, stalls: add(attempt.stalls, event) };
    case "tcp-ended":
      return { ...attempt, ended: event };
    case "certificate":
      return { ...attempt, certificate: event };
    case "alt-svc":
      return { ...attempt, altSvc: event };
    case "protocol-answer":
      return { ...attempt, protocol: event };
    case "http-answer":
      return { ...attempt, answer: event };
  }
}
