// What a TCP connection of our own is at, what happens to it, and what it sends then.

import type { TcpFields, TcpSegment } from "../../packet/tcp.ts";
import type { Reassembly } from "./reassembly.ts";

/** What the SYN offers. */
export interface RawOffer {
  readonly mss: number;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly windowScaling: boolean;
  readonly ecn: boolean;
}

/** What both ends have. */
export type Agreed = Omit<RawOffer, "mss">;

export interface RawState {
  readonly offer: RawOffer;
  readonly phase: "connecting" | "open" | "over";
  readonly agreed: Agreed;
  /** The MSS that the far side offered, its window as it stands, and by how much that is shifted on the wire. */
  readonly peer: { readonly mss: number; readonly window: number; readonly scale: number };
  /** The number of the oldest byte that is not acknowledged. */
  readonly unacknowledged: number;
  /** From there on: what was sent, and behind it what was not. */
  readonly queue: Buffer;
  readonly sentBytes: number;
  /** "wanted" until everything before it is out. */
  readonly fin: "no" | "wanted" | "sent";
  readonly finReceived: boolean;
  readonly reassembly: Reassembly;
  /** The far side's newest timestamp (RFC 7323 s.4.3, TS.Recent). */
  readonly recent: number;
  /** A congestion mark has come, and is echoed until the far side says that it has slowed down. */
  readonly marked: boolean;
  /** When the oldest of what is out left, and how often it has been repeated since it last got on. */
  readonly timer: { readonly sentMs: number; readonly backoff: number };
  readonly rttMs: number | null;
  /** Why it is over; null where nothing went wrong. */
  readonly error: string | null;
  readonly counts: Counts;
}

export interface Counts {
  readonly received: number;
  readonly acknowledged: number;
  readonly segmentsOut: number;
  readonly dataSegmentsIn: number;
  readonly repeated: number;
  readonly aheadOfGap: number;
  /** Payload of the largest segment. */
  readonly largest: number;
  /** Segments without data. */
  readonly empty: number;
  /** How far ahead of what came their number was at most: what was sent and did not come. */
  readonly aheadBytes: number;
}

export type RawInput =
  | { readonly kind: "started" }
  /** `pieceBytes`: the payload of each segment, where the kernel joined several (GRO). */
  | {
      readonly kind: "segment";
      readonly segment: TcpSegment;
      readonly pieceBytes: number;
      readonly congestion: boolean;
    }
  | { readonly kind: "written"; readonly bytes: Buffer }
  /** A segment that every end answers with where it is (RFC 1122 s.4.2.3.6). */
  | { readonly kind: "kept-alive" }
  /** Nothing but time. */
  | { readonly kind: "watched" }
  /** Our side has no more to say. */
  | { readonly kind: "finished" }
  /** Whoever has it wants no more of it. */
  | { readonly kind: "dropped" };

/** A segment to send. */
export interface Outgoing extends Omit<TcpFields, "sourcePort" | "destinationPort"> {
  readonly options: Buffer;
  readonly payload: Buffer;
  /** It was sent before. */
  readonly isRepeated?: true;
}

export interface RawStep {
  readonly state: RawState;
  readonly segments: readonly Outgoing[];
  /** In order. */
  readonly delivered: readonly Buffer[];
}

/** Of a far side that names none (RFC 9293 s.3.7.1). */
export const DEFAULT_MSS = 536;

/** @param initial the number of the SYN, which nobody can guess (RFC 6528) */
export function startRaw(offer: RawOffer, initial: number): RawState {
  return {
    offer,
    phase: "connecting",
    agreed: { timestamps: offer.timestamps, sack: false, windowScaling: false, ecn: false },
    peer: { mss: DEFAULT_MSS, window: 0, scale: 0 },
    unacknowledged: initial,
    queue: Buffer.alloc(0),
    sentBytes: 0,
    fin: "no",
    finReceived: false,
    reassembly: { expected: 0, ahead: [] },
    recent: 0,
    marked: false,
    timer: { sentMs: 0, backoff: 0 },
    rttMs: null,
    error: null,
    counts: {
      received: 0,
      acknowledged: 0,
      segmentsOut: 0,
      dataSegmentsIn: 0,
      repeated: 0,
      aheadOfGap: 0,
      largest: 0,
      empty: 0,
      aheadBytes: 0,
    },
  };
}

export function unchanged(state: RawState): RawStep {
  return { state, segments: [], delivered: [] };
}

export function over(state: RawState, error: string | null): RawStep {
  return unchanged({ ...state, phase: "over", error });
}
