// Events of single-packet probes: hops and sizes, over UDP, ICMP and TCP.

import * as z from "zod";
import { adapterText, addressText, hostText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";

/** What a probe is made of: a UDP datagram, an ICMP echo request, a TCP SYN. */
export const protocol = z.enum(["udp", "icmp", "tcp"]);
export type Protocol = z.infer<typeof protocol>;

export const probeOutcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("time-exceeded"),
    from: addressText,
    rttMs: z.number(),
    replyTtl: count.nullable(),
  }),
  /** Destination unreachable or another ICMP error: type and code as sent. */
  z.object({
    kind: z.literal("unreachable"),
    from: addressText,
    type: count,
    code: count,
    rttMs: z.number(),
    replyTtl: count.nullable(),
  }),
  z.object({ kind: z.literal("too-big"), from: addressText, mtu: count, rttMs: z.number() }),
  /** The target's own answer in the probe's protocol. */
  z.object({
    kind: z.literal("reply"),
    from: addressText,
    /** "ack" is what a SYN gets from whoever takes it for part of a connection (RFC 5961 s.4). */
    with: z.enum(["data", "echo-reply", "syn-ack", "reset", "ack"]),
    rttMs: z.number(),
    replyTtl: count.nullable(),
    /** Bytes of the largest fragment that it came in, null where it came whole; absent where the kernel does not tell. */
    largestFragment: count.nullable().optional(),
  }),
  z.object({ kind: z.literal("no-reply"), waitedMs: z.number() }),
  z.object({ kind: z.literal("send-failed"), error: text }),
]);
export type ProbeOutcome = z.infer<typeof probeOutcome>;

/** One entry of an MPLS label stack that a router reported (RFC 4950 s.3). */
export const mplsLabel = z.object({
  label: count,
  trafficClass: count,
  bottomOfStack: z.boolean(),
  ttl: count,
});
export type MplsLabel = z.infer<typeof mplsLabel>;

/** A field of the probe that came back other than it was sent. */
export const rewritten = z.object({
  field: z.enum([
    "source",
    "destination",
    "source-port",
    "destination-port",
    "echo-id",
    "traffic-class",
    "dont-fragment",
    "size",
    "mss",
    "tcp-options",
    "checksum",
  ]),
  sent: z.union([text, count]),
  quoted: z.union([text, count]),
});
export type Rewritten = z.infer<typeof rewritten>;

/**
 * The probe's own headers, from the original datagram of an ICMP error. Null is what the engine does not see: the
 * kernel's error queue hands out the TCP header alone, raw sockets all that came back.
 */
export const quote = z.object({
  source: addressText.nullable(),
  destination: addressText.nullable(),
  /** Of the original datagram's IP header: 1 or 0 where it expired, more where something rewrote it. */
  ttl: count.nullable(),
  /** DSCP and ECN, the byte of the original datagram's IP header. */
  trafficClass: count.nullable(),
  /** Of the whole packet, as its IP header states. */
  sizeBytes: count.nullable(),
  /** Of UDP and TCP; null for ICMP or where the original datagram was too short. */
  sourcePort: count.nullable(),
  destinationPort: count.nullable(),
  /** Of a SYN whose original datagram holds its options. */
  mss: count.nullable(),
  /** Bytes that came back from the IP header on. */
  quotedBytes: count.nullable(),
  /** What differs from the probe as it was sent, as far as both are known. */
  rewritten: z.array(rewritten).readonly(),
});
export type OriginalDatagram = z.infer<typeof quote>;

export const probeSent = z.object({
  kind: z.literal("probe"),
  protocol,
  /** "flow": whether a source port gets through at all; "loss": how many of a kind do; "source-port": which ports do. */
  purpose: z.enum(["hop", "size", "control", "flow", "loss", "source-port"]),
  address: addressText,
  /** Probes of one flow take one path where routers balance by ports (Paris); 0 is the run's own. */
  flow: count,
  /** Of a flow beside the run's own. */
  sourcePort: count.optional(),
  ttl: count,
  /** Of the whole IP packet. */
  sizeBytes: count,
  /** The 32 bits of the cookie behind the magic: session << 16 | n. */
  cookie: count,
  outcome: probeOutcome,
  /** Of the router's MPLS, where its answer held them (RFC 4884, RFC 4950). */
  labels: z.array(mplsLabel).readonly(),
  quote: quote.nullable(),
  /** When it was sent, since the run began. */
  sentAtMs: z.number(),
  /** Of a SYN to another port than the target's own. */
  port: count.optional(),
  /** The interface that a SYN was bound to, where it is not the route's own choice. */
  device: adapterText.optional(),
  /** SO_MARK of the packet; absent where it has none. */
  mark: count.optional(),
});
export type ProbeSent = z.infer<typeof probeSent>;

/** An answer that came after the wait for it was over: the probe was not lost after all. */
const lateReply = z.object({
  kind: z.literal("late-reply"),
  cookie: count,
  outcome: probeOutcome,
});

/**
 * Packet too big messages that the kernel counted while the size probes ran, where it hands none to the
 * socket without caching the MTU (IPv6; net/ipv6/udp.c, ip6_sk_accept_pmtu).
 */
export const packetTooBigCounted = z.object({
  kind: z.literal("too-big-counted"),
  family,
  sizeBytes: count,
  count,
});
export type PacketTooBigCounted = z.infer<typeof packetTooBigCounted>;

/** The PTR name of a router on the path: set by a third party, never evidence. */
export const hopName = z.object({
  kind: z.literal("hop-name"),
  address: addressText,
  server: addressText,
  name: hostText.nullable(),
  /** The resolver's code for no name: NXDOMAIN is ENOTFOUND there. */
  error: text.nullable(),
});
export type HopName = z.infer<typeof hopName>;

/** Every kind of event above. */
export const PROBE_EVENTS = [probeSent, hopName, lateReply, packetTooBigCounted] as const;
