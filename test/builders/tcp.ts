// TCP attempts by hand: those that pass and those that hang, with the TCP_INFO that Linux would show.

import type { EventBody } from "../../src/schema/event.ts";
import type { TcpInfo, TcpPurpose, TcpResult, TcpStage } from "../../src/schema/events/tcp.ts";
import { TARGET, TARGET6 } from "./events.ts";

const HEADERS = { 4: 40, 6: 60 } as const;
const TIMESTAMPS_BYTES = 12;
/** TCP_ESTABLISHED (net/tcp_states.h). */
const ESTABLISHED = 1;

export function tcpInfo(more: Partial<TcpInfo> = {}): TcpInfo {
  return {
    state: ESTABLISHED,
    retransmits: 0,
    backoff: 0,
    timestamps: true,
    sndMss: 1448,
    rcvMss: 536,
    advMss: 1448,
    unacked: 0,
    sacked: 0,
    rttMs: 10,
    pmtu: 1500,
    totalRetrans: 0,
    bytesAcked: 300,
    bytesReceived: 0,
    segsOut: 3,
    dataSegsIn: 0,
    rcvOooPack: 0,
    ...more,
  };
}

export interface AttemptOptions {
  readonly purpose?: TcpPurpose;
  /** Of the whole IP packet that the offered MSS allows the far side; null: the kernel's own choice. */
  readonly offered?: number | null;
  readonly family?: 4 | 6;
  readonly timestamps?: boolean;
  /** The largest packet received; by default as large as offered. */
  readonly received?: number;
  readonly linkMtu?: number;
  readonly info?: Partial<TcpInfo>;
}

interface Shape {
  readonly started: EventBody;
  readonly before: TcpInfo;
  readonly full: TcpInfo;
}

function shape(attempt: string, options: AttemptOptions): Shape {
  const { offered = null, family = 4, timestamps = true, linkMtu = 1500 } = options;
  const headers = HEADERS[family];
  // As Linux reports it once connected: without the bytes of the timestamps.
  const advMss = (offered ?? linkMtu) - headers - (timestamps ? TIMESTAMPS_BYTES : 0);
  const before = tcpInfo({ timestamps, advMss, ...options.info });
  const received = options.received ?? offered ?? linkMtu;
  const rcvMss = received - headers - (timestamps ? TIMESTAMPS_BYTES : 0);
  const full = { ...before, rcvMss, bytesReceived: 5200, dataSegsIn: 5, segsOut: 9 };
  return {
    started: {
      kind: "tcp-started",
      attempt,
      purpose: options.purpose ?? (offered === null ? "default" : "mss-sweep"),
      address: family === 4 ? TARGET : TARGET6,
      family,
      port: 443,
      mss: offered === null ? null : offered - headers,
      firstFlightBytes: null,
    },
    before,
    full,
  };
}

export function stage(
  attempt: string,
  name: TcpStage,
  sinceStartMs: number,
  result: TcpResult,
  info: TcpInfo | null,
): EventBody {
  const ms = name === "connect" ? sinceStartMs : 10;
  return { kind: "tcp-stage", attempt, stage: name, sinceStartMs, ms, result, info };
}

export const OK: TcpResult = { kind: "ok", detail: "by hand" };
/** Ended by an error that the kernel names. */
export function failed(code: string): TcpResult {
  return { kind: "failed", code, detail: "by hand" };
}

export const NO_REPLY: TcpResult = { kind: "no-reply", waitedMs: 5000 };
const STATUS: TcpResult = { kind: "ok", detail: "HTTP/1.1 200 OK" };

/** Only the start and the SYN's answer. */
export function connected(attempt: string, options: AttemptOptions = {}): readonly EventBody[] {
  const { started, before } = shape(attempt, options);
  return [started, stage(attempt, "connect", 10, OK, before)];
}

/** Everything in turn, without a hang. */
export function passing(attempt: string, options: AttemptOptions = {}): readonly EventBody[] {
  const { full } = shape(attempt, options);
  return [
    ...connected(attempt, options),
    certificate(attempt),
    stage(attempt, "tls", 30, OK, full),
    stage(attempt, "http", 45, STATUS, full),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 50, info: full },
  ];
}

/** The full-size segments vanish and the tail comes out of order; nothing follows. */
export function hanging(attempt: string, options: AttemptOptions = {}): readonly EventBody[] {
  const { before } = shape(attempt, options);
  const stalled = { ...before, dataSegsIn: 1, rcvOooPack: 1, ...options.info };
  return [
    ...connected(attempt, options),
    { kind: "tcp-stalled", attempt, stage: "tls", sinceStartMs: 60, info: stalled },
    stage(attempt, "tls", 5010, NO_REPLY, stalled),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 5010, info: stalled },
  ];
}

/** Hangs in the handshake, then goes on after `afterMs` and ends well. */
export function recovering(
  attempt: string,
  afterMs: number,
  options: AttemptOptions = {},
): readonly EventBody[] {
  const { before, full } = shape(attempt, options);
  const stalled = { ...before, dataSegsIn: 1, rcvOooPack: 1 };
  const recovered = { ...full, rcvOooPack: 1 };
  const atMs = 60 + afterMs;
  return [
    ...connected(attempt, options),
    { kind: "tcp-stalled", attempt, stage: "tls", sinceStartMs: 60, info: stalled },
    stage(attempt, "tls", atMs, OK, recovered),
    stage(attempt, "http", atMs + 15, STATUS, recovered),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: atMs + 20, info: recovered },
  ];
}

/** The first stage ends in something else than an answer. */
export function unconnected(
  result: TcpResult,
  attempt = "t1",
  options: AttemptOptions = {},
): readonly EventBody[] {
  const { started } = shape(attempt, options);
  return [
    started,
    stage(attempt, "connect", 3500, result, null),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 3500, info: null },
  ];
}

/** One attempt for each size: it passes up to the limit and hangs above it. */
export function sweep(
  limit: number,
  sizes: readonly number[],
  options: AttemptOptions = {},
): readonly EventBody[] {
  return sizes.flatMap((offered, n) =>
    (offered <= limit ? passing : hanging)(`s${n + 1}`, { ...options, offered }),
  );
}

/**
 * Padded first flights of full-size segments: acknowledged, or sent again and again, in two
 * connections, as one proves nothing.
 */
export function upload(
  attempt: string,
  sizeBytes: number,
  acknowledged: boolean,
  family: 4 | 6 = 4,
): readonly EventBody[] {
  const one = (name: string) => flight(name, sizeBytes, acknowledged, family);
  return acknowledged ? one(attempt) : [...one(attempt), ...one(`${attempt}-again`)];
}

/** One connection's first flight. */
export function flight(
  attempt: string,
  sizeBytes: number,
  acknowledged: boolean,
  family: 4 | 6 = 4,
): readonly EventBody[] {
  const sndMss = sizeBytes - HEADERS[family] - TIMESTAMPS_BYTES;
  const info = acknowledged
    ? tcpInfo({ sndMss, bytesAcked: 3000 })
    : tcpInfo({ sndMss, bytesAcked: 1, unacked: 3, retransmits: 1, totalRetrans: 1 });
  const options = { purpose: "outbound-sweep" as const, offered: sizeBytes, family, info };
  return [
    ...connected(attempt, options),
    { kind: "tcp-ended", attempt, complete: false, sinceStartMs: 300, info },
  ];
}

export function certificate(attempt: string, error: string | null = null): EventBody {
  return {
    kind: "certificate",
    attempt,
    authorized: error === null,
    error,
    subject: "www.example.test",
    issuer: "Example CA",
    validFrom: "Jan  1 00:00:00 2026 GMT",
    validTo: "Jan  1 00:00:00 2027 GMT",
  };
}
