// What connections beside the default attempt show of it: the same with and without ECN, and who it is that does not answer.

import * as z from "zod";
import { addressText } from "../text-kinds.ts";
import { count, family } from "./common.ts";

/** What this system's TCP asks for by itself (ip-sysctl). */
const tcpSettings = z.object({
  kind: z.literal("tcp-settings"),
  /** net.ipv4.tcp_ecn, which holds for IPv6 too; null where it is not to be read. */
  ecn: count.nullable(),
});
export type TcpSettings = z.infer<typeof tcpSettings>;

/** One connection that is not the kernel's, which asks for ECN or does not, and asks no second time without it. */
const ecnCheck = z.object({
  kind: z.literal("ecn-check"),
  address: addressText,
  family,
  port: count,
  asked: z.boolean(),
  /** Whether its first SYN was answered. */
  connected: z.boolean(),
  /** Whether both ends have it. */
  agreed: z.boolean(),
  /** Segments with data that had to be sent again. */
  repeated: count,
  /** From the connection to the first answer; null where none came, or nothing was asked for. */
  answerMs: z.number().nullable(),
  segsOut: count,
});
export type EcnCheck = z.infer<typeof ecnCheck>;

/** Of a target that accepts the default attempt and never answers. */
const silenceCheck = z.object({
  kind: z.literal("silence-check"),
  address: addressText,
  family,
  port: count,
  /** Connections that can come no farther than that. */
  nearer: z.array(z.object({ ttl: count, accepted: z.boolean() })),
  /** Over a connection that is not the kernel's; null where this user may not, or it was not accepted. */
  raw: z
    .object({
      /** Whether the request was. */
      acknowledged: z.boolean(),
      /** Segments without data that came behind the request's acknowledgement. */
      answers: count,
      /** How far the number of their next byte is ahead of what came. */
      aheadBytes: count,
      receivedBytes: count,
    })
    .nullable(),
});
export type SilenceCheck = z.infer<typeof silenceCheck>;

export const TCP_CHECK_EVENTS = [tcpSettings, ecnCheck, silenceCheck] as const;
