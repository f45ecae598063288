// The port of all single-packet probes: an engine sends them and reports what came back.

import type {
  MplsLabel,
  OriginalDatagram,
  ProbeOutcome,
  Protocol,
} from "../../src/schema/events/probe.ts";

export interface Outgoing {
  readonly ttl: number;
  /** Of the whole IP packet; TCP SYNs have one size and ignore it. */
  readonly sizeBytes: number;
  /** The 32 bits behind the magic. */
  readonly cookie: number;
}

export interface Answer {
  /** Undefined when the original datagram was too short to hold it. */
  readonly cookie: number | undefined;
  readonly outcome: ProbeOutcome;
  readonly labels: readonly MplsLabel[];
  readonly quote: OriginalDatagram | null;
}

/**
 * How long an answer to a SYN is one to that packet alone: after a second the kernel repeats an unanswered
 * SYN, and the target the answer to one (RFC 6298 s.2).
 */
export const ONE_SYN_MS = 950;

/** Probes of one protocol to one target, in one flow as far as the engine can keep it. */
export interface Transport {
  readonly protocol: Protocol;
  /** The smallest IP packet in bytes that still carries the cookie. */
  readonly smallestBytes: number;
  /**
   * Above this size the kernel would cache the MTU of an ICMP error, so that a black hole recovers
   * itself: nothing larger may be sent. Null: any size is safe.
   */
  readonly cachesAbove: number | null;
  /** Why the ICMP errors of routers are not seen, so that no TTL but one that reaches the target is worth a packet. */
  readonly routersHidden?: string | null;
  /** The port that probes leave from, once known; absent where each has another or none. */
  localPort?(): number;
  /** @returns errno's name when the kernel refused to send, null when it left */
  send(probe: Outgoing): string | null;
  /** Everything that was received since the last call. */
  drain(): readonly Answer[];
  close(): void;
}
