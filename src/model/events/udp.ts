// Events of UDP probes: hops and sizes.

import * as z from "zod";
import { count, family, text } from "./common.ts";

export const udpOutcome = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("time-exceeded"),
    from: text,
    rttMs: z.number(),
    replyTtl: count.nullable(),
  }),
  /** Destination unreachable or another ICMP error: type and code as sent. */
  z.object({
    kind: z.literal("unreachable"),
    from: text,
    type: count,
    code: count,
    rttMs: z.number(),
    replyTtl: count.nullable(),
  }),
  z.object({ kind: z.literal("too-big"), from: text, mtu: count, rttMs: z.number() }),
  /** The datagram was answered with data. */
  z.object({ kind: z.literal("reply"), from: text, rttMs: z.number() }),
  z.object({ kind: z.literal("no-reply"), waitedMs: z.number() }),
  z.object({ kind: z.literal("send-failed"), error: text }),
]);
export type UdpOutcome = z.infer<typeof udpOutcome>;

export const udpProbe = z.object({
  kind: z.literal("udp-probe"),
  purpose: z.enum(["hop", "size", "control"]),
  address: text,
  ttl: count,
  /** Of the whole IP packet. */
  sizeBytes: count,
  /** The 32 bits of the cookie behind the magic: session << 16 | n. */
  cookie: count,
  outcome: udpOutcome,
  /** When it was sent, since the run began. */
  sentAtMs: z.number(),
});
export type UdpProbe = z.infer<typeof udpProbe>;

/**
 * Too-big messages that the kernel counted while the size probes ran, where it hands none to the
 * socket without learning from it (IPv6; net/ipv6/udp.c, ip6_sk_accept_pmtu).
 */
export const tooBigCounted = z.object({
  kind: z.literal("too-big-counted"),
  family,
  sizeBytes: count,
  count,
});
export type TooBigCounted = z.infer<typeof tooBigCounted>;
