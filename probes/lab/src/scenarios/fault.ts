// What can be wrong, or merely special, at one role of a lab network.

import type { Role } from "../topology/topology.ts";

/** Sends no ICMP fragmentation needed (3/4, RFC 1191) and no ICMPv6 packet too big (RFC 4443). */
export interface SilentPacketTooBig {
  readonly kind: "silent-packet-too-big";
  readonly at: Role;
}

/** Drops what it forwards, by size, direction and protocol. */
export interface Drop {
  readonly kind: "drop";
  readonly at: Role;
  /** The inbound interface of the packets: this gives the direction. */
  readonly arrivingOn: string;
  /** Bytes of the whole IP packet; null drops every size. */
  readonly largerThanBytes: number | null;
  /** Null for all of them. */
  readonly protocol: "tcp" | "udp" | "icmp" | null;
}

/** Drops every forwarded TCP segment from this port that carries data, and passes the others. */
export interface EatPayload {
  readonly kind: "eat-payload";
  readonly at: Role;
  readonly fromPort: number;
}

/** Lowers the MSS of every SYN that it forwards, as many routers do, so that segments fit this MTU. */
export interface ClampMss {
  readonly kind: "clamp-mss";
  readonly at: Role;
  readonly mtu: number;
}

/** Receives no IP packet on that interface, for itself or for others; ARP is still answered. */
export interface ReceiveBlocked {
  readonly kind: "receive-blocked";
  readonly at: Role;
  readonly on: string;
}

/** The cable is out at that end, so that the other one has no carrier. */
export interface LinkDown {
  readonly kind: "link-down";
  readonly at: Role;
  readonly interface: string;
}

/** A kernel setting of one namespace, below /proc/sys, such as net/ipv4/tcp_mtu_probing. */
export interface KernelSetting {
  readonly kind: "kernel-setting";
  readonly at: Role;
  readonly key: string;
  readonly value: string;
}

/** Where a rule sees packets; "redirect" may send them elsewhere (nat, prerouting). */
export type Hook = "prerouting" | "redirect" | "input" | "forward" | "output";

/** nftables rules of one namespace, as nft(8) reads them. */
export interface Filter {
  readonly kind: "filter";
  readonly at: Role;
  readonly hook: Hook;
  readonly rules: readonly string[];
}

/** Lines of `ip -batch` for one namespace, run when the rest of it is set up. */
export interface IpLines {
  readonly kind: "ip";
  readonly at: Role;
  /** For what does not name its family by an address, as rules do not; absent: `ip` sees it itself. */
  readonly family?: 6;
  readonly lines: readonly string[];
}

/** A link that carries no more than this, and queues what comes faster (tc-tbf(8)). */
export interface Slow {
  readonly kind: "slow";
  readonly at: Role;
  readonly interface: string;
  /** As tc writes it: 500kbit, 2mbit. */
  readonly rate: string;
}

export type Fault =
  | SilentPacketTooBig
  | Drop
  | EatPayload
  | ClampMss
  | ReceiveBlocked
  | LinkDown
  | KernelSetting
  | Filter
  | IpLines
  | Slow;
