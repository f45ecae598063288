// A packet of a run as a capture file holds it, and what is handed in to get such packets.

import type { ProbeEvent } from "./schema/event.ts";

export interface CapturedPacket {
  /** Since 1970, in nanoseconds. */
  readonly atNs: bigint;
  /** The interface where it was seen, with its network namespace where that is another one. */
  readonly place: string;
  readonly direction: "outbound" | "inbound";
  /** From the IP header on, as far as they are kept. */
  readonly bytes: Uint8Array;
  /** Of the whole packet. */
  readonly originalBytes: number;
  readonly of: PacketOwner;
}

/** Whose packet it is. */
export interface PacketOwner {
  /** Whether it came back for something that was sent. */
  readonly answer: boolean;
  /** Ids of events. */
  readonly events: readonly string[];
  /** Of a probe, in the packet or in the original datagram of an ICMP error; null without one. */
  readonly cookie: number | null;
  /** SO_MARK of the socket that it is of; null without one. */
  readonly mark: number | null;
  /** What a name server was asked over UDP; absent of anything else. */
  readonly question?: NameQuestion;
}

export interface NameQuestion {
  readonly server: string;
  readonly name: string;
  readonly type: string;
}

/** What the kernel gave of one run. */
export interface Capture {
  readonly packets: readonly CapturedPacket[];
  /** Packets for which there was no room. */
  readonly lost: number;
}

/** One replacement for an address and for the name of an interface, the same everywhere. */
export interface PacketNames {
  address(text: string): string;
  name(text: string): string;
  place(text: string): string;
}

export interface PacketTools {
  /** Made of what the sockets saw, in the order of their times; the same of the same events. */
  rebuild(events: readonly ProbeEvent[]): readonly CapturedPacket[];
  /** With other addresses, sums that are right for them, and without what it carries but for the tool's own marks. */
  redact(packet: CapturedPacket, names: PacketNames): CapturedPacket;
}
