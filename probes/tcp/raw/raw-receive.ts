// What a segment of the far side changes in an open connection of our own. Pure.

import { TCP_FLAG, type TcpSegment } from "../../packet/tcp.ts";
import { acknowledge, flush } from "./raw-send.ts";
import { over, type RawInput, type RawState, type RawStep, unchanged } from "./raw-state.ts";
import { type Accepted, accept } from "./reassembly.ts";
import { distance, plus } from "./sequence.ts";

type Arrived = Extract<RawInput, { kind: "segment" }>;

export function received(before: RawState, arrived: Arrived, nowMs: number): RawStep {
  const { segment } = arrived;
  const { flags, sequence, payload } = segment;
  if ((flags & TCP_FLAG.reset) !== 0) {
    // RFC 5961 s.3.2: one that is not at the edge may be anybody's.
    const isNext = sequence === before.reassembly.expected;
    return isNext ? over(before, "ECONNRESET") : unchanged(before);
  }
  // Its first answer once more: our acknowledgement of it was lost.
  if ((flags & TCP_FLAG.syn) !== 0) return acknowledged(unchanged(before), nowMs);
  const state = acknowledgedBy(before, segment, nowMs);
  const accepted = accept(state.reassembly, { sequence, bytes: payload });
  const next = withFin(counted(taken(state, arrived, accepted), arrived, accepted), segment);
  const sent = { ...flush(next, nowMs), delivered: accepted.delivered };
  const wantsAck = payload.length > 0 || (flags & TCP_FLAG.fin) !== 0;
  return wantsAck ? acknowledged(sent, nowMs) : sent;
}

function acknowledged(step: RawStep, nowMs: number): RawStep {
  return { ...step, segments: [...step.segments, acknowledge(step.state, nowMs)] };
}

function taken(
  state: RawState,
  { segment, congestion }: Arrived,
  { reassembly, isAhead }: Accepted,
): RawState {
  const { agreed, recent, marked } = state;
  const { timestamps, flags } = segment;
  const isNewer =
    agreed.timestamps && timestamps !== null && distance(timestamps.value, recent) >= 0;
  return {
    ...state,
    reassembly,
    // What came ahead of a gap is not the newest in order (RFC 7323 s.4.3).
    recent: isNewer && !isAhead ? timestamps.value : recent,
    marked: congestion || (marked && (flags & TCP_FLAG.cwr) === 0),
  };
}

function counted(
  state: RawState,
  { segment: { payload, sequence }, pieceBytes }: Arrived,
  { delivered, isAhead }: Accepted,
): RawState {
  const { counts, reassembly } = state;
  const isEmpty = payload.length === 0;
  const ahead = isEmpty ? distance(sequence, reassembly.expected) : 0;
  const pieces = payload.length === 0 ? 0 : Math.ceil(payload.length / pieceBytes);
  return {
    ...state,
    counts: {
      ...counts,
      received: delivered.reduce((sum, { length }) => sum + length, counts.received),
      dataSegmentsIn: counts.dataSegmentsIn + pieces,
      aheadOfGap: counts.aheadOfGap + (isAhead && pieces > 0 ? 1 : 0),
      empty: counts.empty + (isEmpty ? 1 : 0),
      aheadBytes: Math.max(counts.aheadBytes, ahead),
      largest: Math.max(counts.largest, Math.min(pieceBytes, payload.length)),
    },
  };
}

/** The end counts as a byte of its own, behind all others. */
function withFin(state: RawState, { flags, sequence, payload }: TcpSegment): RawState {
  const end = plus(sequence, payload.length);
  const isEnd = (flags & TCP_FLAG.fin) !== 0 && end === state.reassembly.expected;
  if (!isEnd || state.finReceived) return state;
  const reassembly = { ...state.reassembly, expected: plus(end, 1) };
  return { ...state, finReceived: true, reassembly };
}

/** What the far side has of ours, and how much more it takes. */
function acknowledgedBy(state: RawState, segment: TcpSegment, nowMs: number): RawState {
  if ((segment.flags & TCP_FLAG.ack) === 0) return state;
  const peer = { ...state.peer, window: segment.window * 2 ** state.peer.scale };
  const outstanding = state.sentBytes + (state.fin === "sent" ? 1 : 0);
  const moved = distance(segment.acknowledgement, state.unacknowledged);
  if (moved <= 0 || moved > outstanding) return { ...state, peer };
  const bytes = Math.min(moved, state.sentBytes);
  const { counts, timer } = state;
  return {
    ...state,
    peer,
    unacknowledged: segment.acknowledgement,
    queue: state.queue.subarray(bytes),
    sentBytes: state.sentBytes - bytes,
    // Karn: what was repeated measures nothing (RFC 6298 s.3).
    rttMs: timer.backoff === 0 ? nowMs - timer.sentMs : state.rttMs,
    timer: { sentMs: nowMs, backoff: 0 },
    counts: { ...counts, acknowledged: counts.acknowledged + bytes },
  };
}
