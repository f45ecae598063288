// What the kernel did with a probe, as the rest of the tool sees it.

import type { Family } from "../../src/schema/events/common.ts";

/**
 * `queued` handed to an interface's queue, `sent` to its driver, `received` from a driver, `forwarded`, `delivered` read by
 * a program, `icmp-sent` this host is about to answer the packet with an ICMP error.
 */
export type KernelStage = "queued" | "sent" | "received" | "forwarded" | "delivered" | "icmp-sent";

/** How the packet was recognised: cookie of the payload or of TCP's sequence numbers, connection of the tool itself, or mark. */
export type ProbeMatch =
  | { readonly by: "cookie"; readonly cookie: number }
  | { readonly by: "flow"; readonly flow: number; readonly direction: "out" | "in" }
  | { readonly by: "mark"; readonly mark: number }
  /** By its addresses, or not at all: everything was requested. */
  | { readonly by: "address" };

/** An ICMP or ICMPv6 message by its numbers. */
export interface IcmpNumbers {
  readonly type: number;
  readonly code: number;
}

export interface KernelPacket {
  /** null when the packet was known by its mark and could not be read. */
  readonly family: Family | null;
  /** The IP protocol number; of the ICMP error itself when `quoted`. */
  readonly protocol: number;
  readonly ttl: number;
  /** From where the hook sees it: with the Ethernet header while an interface has it, without it elsewhere. */
  readonly sizeBytes: number;
  /** This packet is an ICMP error, and the probe is its original datagram. */
  readonly quoted: boolean;
  readonly icmp: IcmpNumbers | null;
  /** Numbers and flags of a TCP segment. */
  readonly tcp: { readonly seq: number; readonly ack: number; readonly flags: number } | null;
}

export interface KernelDevice {
  /** Name of the hook: tracepoint or function. */
  readonly hook: string;
  /** null where the packet belongs to no interface, as before routing. */
  readonly interface: string | null;
  readonly interfaceIndex: number | null;
  /** Inode of the network namespace, as in /proc/PID/ns/net. */
  readonly netns: number | null;
  /** Its name below /run/netns when the trace began; "own" for the process's own; null when it had none. */
  readonly netnsName: string | null;
}

interface KernelEventCommon {
  /** Absent unless headers were requested; null for what is no IP packet. */
  readonly ends?: Endpoints | null;
  readonly match: ProbeMatch;
  /** CLOCK_MONOTONIC in milliseconds, the clock of process.hrtime. */
  readonly monotonicMs: number;
  readonly device: KernelDevice;
  readonly packet: KernelPacket;
}

/** From whom to whom, of the original datagram where the packet is an ICMP error with one. */
export interface Endpoints {
  readonly source: string;
  readonly destination: string;
  /** null where the protocol has no ports. */
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
}

export interface StageEvent extends KernelEventCommon {
  readonly kind: "stage";
  readonly stage: KernelStage;
}

export interface DropEvent extends KernelEventCommon {
  readonly kind: "drop";
  /** The kernel's own name without SKB_DROP_REASON_; null when it gave none and none could be inferred. */
  readonly reason: { readonly name: string; readonly inferred: boolean } | null;
  /** The function that gave the packet up; null when /proc/kallsyms does not show addresses. */
  readonly location: { readonly symbol: string; readonly offset: number } | null;
  /** The ICMP error that this host sent because of it. */
  readonly icmpSent: IcmpNumbers | null;
}

export type KernelEvent = StageEvent | DropEvent;
