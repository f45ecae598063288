// Reading on behind the first bytes of an answer: how far it gets, how fast, and what stops it.

import * as z from "zod";
import { addressText } from "../text-kinds.ts";
import { count, family, text } from "./common.ts";
import { tcpInfo } from "./tcp.ts";

/** What differs from a program's own connection. */
export const TRANSFER_VARIANTS = [
  "plain",
  "again",
  "no-window-scaling",
  "small-mss",
  /** Over a connection that is not the kernel's: with the same options, and with all of them but one. */
  "raw",
  "raw-no-window-scaling",
  "raw-no-timestamps",
  "raw-no-sack",
  "raw-no-ecn",
  "raw-small-mss",
] as const;
export type TransferVariant = (typeof TRANSFER_VARIANTS)[number];

export const transferEvent = z.object({
  kind: z.literal("transfer"),
  variant: z.enum(TRANSFER_VARIANTS),
  address: addressText,
  family,
  port: count,
  outcome: z.enum([
    /** The whole answer came, or the server ended it. */
    "ended",
    /** As many bytes as were wanted, or as many as came in the time that was given. */
    "enough",
    /** Nothing came any more for as long as a stall may last. */
    "stalled",
    "reset",
    /** It did not even begin. */
    "failed",
  ]),
  /** Why it failed; null otherwise. */
  detail: text.nullable(),
  /** TCP payload that came, TLS included. */
  receivedBytes: count,
  /** Content of the answer that the server announced and that had not come; null where it announced none. */
  missingBytes: count.nullable(),
  /** From the first byte of the answer to the last. */
  ms: z.number(),
  /** How long nothing came at the end. */
  silentMs: z.number(),
  /** Whether a line sent into the silence was acknowledged; null when none was sent. */
  acknowledged: z.boolean().nullable(),
  /** What both ends agreed on (tcpi_options, linux/tcp.h); null where the kernel did not say. */
  negotiated: z
    .object({
      timestamps: z.boolean(),
      sack: z.boolean(),
      windowScaling: z.boolean(),
      ecn: z.boolean(),
    })
    .nullable(),
  info: tcpInfo.nullable(),
});
export type Transfer = z.infer<typeof transferEvent>;

/** Data sent up as far as it went: requests whose answers are small. */
const uploadEvent = z.object({
  kind: z.literal("upload"),
  variant: z.enum(["plain", "again"]),
  address: text,
  family,
  port: count,
  outcome: z.enum([
    /** As many bytes as were to be sent, or as many as went in the time that was given. */
    "enough",
    /** Nothing was acknowledged any more for as long as a stall may last. */
    "stalled",
    /** The server ended it, in order or by a reset: it takes so many requests and no more. */
    "ended",
    "reset",
  ]),
  /** Of the requests, without TLS. */
  sentBytes: count,
  /** TCP payload that was acknowledged, TLS included. */
  ackedBytes: count,
  /** To the last that was. */
  ms: z.number(),
  silentMs: z.number(),
  negotiated: transferEvent.shape.negotiated,
  info: tcpInfo,
});
export type Upload = z.infer<typeof uploadEvent>;

export const TRANSFER_EVENTS = [transferEvent, uploadEvent] as const;
