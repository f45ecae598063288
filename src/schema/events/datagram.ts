// Events of targets that take datagrams: what a program would send to a UDP port, or an echo request.

import * as z from "zod";
import { addressText } from "../text-kinds.ts";
import { count, text } from "./common.ts";
import { probeOutcome } from "./probe.ts";

/** What udp:// and icmp:// ask for, in place of a connection. */
export const datagramAttempt = z.object({
  kind: z.literal("datagram-attempt"),
  protocol: z.enum(["udp", "icmp"]),
  address: addressText,
  /** Null for ICMP. */
  port: count.nullable(),
  /** The protocol of the request, which every server of that port answers; null: bytes that mean nothing to anybody. */
  request: text.nullable(),
  /** Of the last that was sent. */
  outcome: probeOutcome,
  ms: z.number(),
  /** How many requests went out; whatever else was sent has events of its own. */
  asked: count,
  /** To a port that stayed silent: how far packets to it got. */
  hops: z.array(z.object({ ttl: count, outcome: probeOutcome })).readonly(),
});
export type DatagramAttempt = z.infer<typeof datagramAttempt>;

export const DATAGRAM_EVENTS = [datagramAttempt] as const;
