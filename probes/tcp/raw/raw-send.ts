// The segments of a connection of our own: its SYN, acknowledgements, data, and what is repeated. Pure.

import { TCP_FLAG, WINDOW_SCALE_SHIFT } from "../../packet/tcp.ts";
import { encodeOptions } from "../../packet/tcp-options.ts";
import { type Outgoing, type RawState, type RawStep, unchanged } from "./raw-state.ts";
import { sackBlocks } from "./reassembly.ts";
import { plus } from "./sequence.ts";

/** Of the SYN, as Linux has it: 44 segments of Ethernet. */
const FIRST_WINDOW = 64_240;
/** What the socket that receives can hold several times over. */
const WINDOW = 262_144;
/** RFC 6928: ten segments, before anything is known of the path. */
const MAX_OUT = 10;
/** What is said is to pass wherever it has to: IPv6's least MTU leaves 1220 bytes, timestamps take 12 (RFC 8200 s.5). */
const MAX_PAYLOAD = 1200;

/** RFC 6298 s.2; Linux' least (net/tcp.h, TCP_RTO_MIN), which servers and their clients agree on. */
const FIRST_RTO_MS = 1000;
const MIN_RTO_MS = 200;

export function synSegment(state: RawState, nowMs: number): Outgoing {
  const { offer, unacknowledged: sequence } = state;
  const { mss, timestamps, sack, windowScaling, ecn } = offer;
  return {
    sequence,
    acknowledgement: 0,
    flags: TCP_FLAG.syn | (ecn ? TCP_FLAG.ece | TCP_FLAG.cwr : 0),
    window: FIRST_WINDOW,
    options: encodeOptions({
      mss,
      sackPermitted: sack,
      timestamps: timestamps ? { value: clockOf(nowMs), echo: 0 } : null,
      windowScale: windowScaling ? WINDOW_SCALE_SHIFT : null,
    }),
    payload: Buffer.alloc(0),
  };
}

export function acknowledge(state: RawState, nowMs: number): Outgoing {
  return segmentAt(state, nowMs, state.sentBytes + (state.fin === "sent" ? 1 : 0), 0);
}

/** A number before the oldest that is not acknowledged: it has nothing new, and asks for an answer. */
export function keepAlive(state: RawState, nowMs: number): Outgoing {
  return { ...acknowledge(state, nowMs), sequence: plus(state.unacknowledged, -1) };
}

/** Our side's last. */
export function finSegment(state: RawState, nowMs: number): Outgoing {
  const segment = segmentAt(state, nowMs, state.sentBytes, 0);
  return { ...segment, flags: segment.flags | TCP_FLAG.fin };
}

/** Sends of what waits as much as may be out. */
export function flush(before: RawState, nowMs: number): RawStep {
  if (before.phase !== "open") return unchanged(before);
  let state = before;
  const segments: Outgoing[] = [];
  const room = () => Math.min(state.peer.window, MAX_OUT * payloadMax(state)) - state.sentBytes;
  for (let left = waiting(state); left > 0 && room() > 0; left = waiting(state)) {
    const bytes = Math.min(left, payloadMax(state), room());
    segments.push(segmentAt(state, nowMs, state.sentBytes, bytes));
    state = timed({ ...state, sentBytes: state.sentBytes + bytes }, nowMs, state.sentBytes === 0);
  }
  if (state.fin === "wanted" && waiting(state) === 0) {
    segments.push(finSegment(state, nowMs));
    state = timed({ ...state, fin: "sent" }, nowMs, state.sentBytes === 0);
  }
  return { state, segments, delivered: [] };
}

/** The oldest of what is out, once its time is over; a window that is closed is tried as well (RFC 9293 s.3.8.6.1). */
export function repeatOldest(state: RawState, nowMs: number): RawStep {
  const { phase, timer, fin, queue, counts } = state;
  const isOut = phase === "connecting" || queue.length > 0 || fin === "sent";
  if (!isOut || nowMs - timer.sentMs < rtoMs(state) * 2 ** timer.backoff) {
    return unchanged(state);
  }
  const bytes = Math.min(payloadMax(state), Math.max(state.sentBytes, Math.min(1, queue.length)));
  const next = {
    ...state,
    sentBytes: Math.max(state.sentBytes, bytes),
    timer: { sentMs: nowMs, backoff: timer.backoff + 1 },
    counts: { ...counts, repeated: counts.repeated + 1 },
  };
  const again = () => (bytes > 0 ? segmentAt(state, nowMs, 0, bytes) : finSegment(state, nowMs));
  const segment = phase === "connecting" ? synSegment(state, nowMs) : again();
  return { state: next, segments: [{ ...segment, isRepeated: true }], delivered: [] };
}

function rtoMs({ rttMs }: RawState): number {
  return rttMs === null ? FIRST_RTO_MS : Math.max(MIN_RTO_MS, 3 * rttMs);
}

function waiting({ queue, sentBytes }: RawState): number {
  return queue.length - sentBytes;
}

function payloadMax({ peer }: RawState): number {
  return Math.min(MAX_PAYLOAD, peer.mss);
}

/** The timer is that of the oldest. */
function timed(state: RawState, nowMs: number, isOldest: boolean): RawState {
  return isOldest ? { ...state, timer: { sentMs: nowMs, backoff: 0 } } : state;
}

/** @param offset of its first byte behind the oldest that is not acknowledged */
function segmentAt(state: RawState, nowMs: number, offset: number, bytes: number): Outgoing {
  const { agreed, reassembly, queue, recent, marked } = state;
  const scale = agreed.windowScaling ? WINDOW_SCALE_SHIFT : 0;
  return {
    sequence: plus(state.unacknowledged, offset),
    acknowledgement: reassembly.expected,
    flags:
      TCP_FLAG.ack | (bytes > 0 ? TCP_FLAG.push : 0) | (agreed.ecn && marked ? TCP_FLAG.ece : 0),
    window: Math.min(0xffff, Math.floor(WINDOW / 2 ** scale)),
    options: encodeOptions({
      timestamps: agreed.timestamps ? { value: clockOf(nowMs), echo: recent } : null,
      sackBlocks: agreed.sack ? sackBlocks(reassembly) : [],
    }),
    payload: queue.subarray(offset, offset + bytes),
  };
}

/** RFC 7323 s.5.4: a tick of a millisecond. */
function clockOf(nowMs: number): number {
  return Math.floor(nowMs) >>> 0;
}
