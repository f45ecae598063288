// A TCP connection of our own, from its SYN on: what each thing that happens to it changes and sends. Pure, no socket.
//
// As much of RFC 9293 as a client needs that asks for something and reads the answer: retransmission by a timer (RFC 6298),
// reassembly, SACK blocks (RFC 2018), timestamps and window scaling (RFC 7323), ECN (RFC 3168). No congestion control: it
// never has more out than every sender may begin with (RFC 6928).

import { TCP_FLAG, type TcpSegment } from "../../packet/tcp.ts";
import { received } from "./raw-receive.ts";
import { acknowledge, finSegment, flush, keepAlive, repeatOldest, synSegment } from "./raw-send.ts";
import {
  DEFAULT_MSS,
  over,
  type RawInput,
  type RawState,
  type RawStep,
  unchanged,
} from "./raw-state.ts";
import { plus } from "./sequence.ts";

/** Nothing comes of a connection that is over. */
export function stepRaw(before: RawState, input: RawInput, nowMs: number): RawStep {
  if (before.phase === "over") return unchanged(before);
  const step = apply(before, input, nowMs);
  const { counts } = step.state;
  const segmentsOut = counts.segmentsOut + step.segments.length;
  return { ...step, state: { ...step.state, counts: { ...counts, segmentsOut } } };
}

function apply(state: RawState, input: RawInput, nowMs: number): RawStep {
  switch (input.kind) {
    case "started": {
      const timer = { sentMs: nowMs, backoff: 0 };
      return { state: { ...state, timer }, segments: [synSegment(state, nowMs)], delivered: [] };
    }
    case "segment":
      return state.phase === "connecting"
        ? answered(state, input.segment, nowMs)
        : received(state, input, nowMs);
    case "written":
      return flush({ ...state, queue: Buffer.concat([state.queue, input.bytes]) }, nowMs);
    case "watched":
      return repeatOldest(state, nowMs);
    case "kept-alive":
      return state.phase === "open"
        ? { ...unchanged(state), segments: [keepAlive(state, nowMs)] }
        : unchanged(state);
    case "finished":
      return state.fin === "no" ? flush({ ...state, fin: "wanted" }, nowMs) : unchanged(state);
    case "dropped": {
      const reset = { ...finSegment(state, nowMs), flags: TCP_FLAG.reset | TCP_FLAG.ack };
      return { ...over(state, null), segments: state.phase === "open" ? [reset] : [] };
    }
  }
}

/** The answer to the SYN (RFC 9293 s.3.10.7.3); what acknowledges something else is another connection's. */
function answered(state: RawState, segment: TcpSegment, nowMs: number): RawStep {
  const { flags, acknowledgement, sequence, mss, windowScale, timestamps } = segment;
  const first = plus(state.unacknowledged, 1);
  if ((flags & TCP_FLAG.ack) === 0 || acknowledgement !== first) return unchanged(state);
  if ((flags & TCP_FLAG.reset) !== 0) return over(state, "ECONNREFUSED");
  if ((flags & TCP_FLAG.syn) === 0) return unchanged(state);
  const { offer, timer } = state;
  const agreed = {
    timestamps: offer.timestamps && timestamps !== null,
    sack: offer.sack && segment.sackPermitted,
    windowScaling: offer.windowScaling && windowScale !== null,
    // RFC 3168 s.6.1.1: both bits are the answer of one who copies what it does not know.
    ecn: offer.ecn && (flags & (TCP_FLAG.ece | TCP_FLAG.cwr)) === TCP_FLAG.ece,
  };
  const open: RawState = {
    ...state,
    phase: "open",
    agreed,
    peer: {
      mss: mss ?? DEFAULT_MSS,
      window: segment.window,
      scale: agreed.windowScaling ? Math.min(MAX_SHIFT, windowScale ?? 0) : 0,
    },
    unacknowledged: first,
    reassembly: { expected: plus(sequence, 1), ahead: [] },
    recent: timestamps?.value ?? 0,
    rttMs: timer.backoff === 0 ? nowMs - timer.sentMs : null,
    timer: { sentMs: nowMs, backoff: 0 },
  };
  const sent = flush(open, nowMs);
  return { ...sent, segments: [acknowledge(open, nowMs), ...sent.segments] };
}

/** RFC 7323 s.2.3 */
const MAX_SHIFT = 14;
