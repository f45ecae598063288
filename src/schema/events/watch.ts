// The event about continuous mode: rounds by hop after the first verdict, and what changed meanwhile.

import * as z from "zod";
import { addressText, timeText } from "../text-kinds.ts";
import { count, text } from "./common.ts";

const ms = z.number().nullable();

/** Rounds of one TTL, in the words of mtr(8). */
const watchedHop = z.object({
  ttl: count,
  /** Who answered, in the order of their first answer. */
  from: z.array(addressText).readonly(),
  sent: count,
  /** Without an answer; routers answer only so many, so that it need not be loss. */
  lost: count,
  lastMs: ms,
  bestMs: ms,
  meanMs: ms,
  worstMs: ms,
  /** Standard deviation of the sample; null below two answers. */
  deviationMs: ms,
  /** Mean difference of one answer from the one before. */
  jitterMs: ms,
});
export type WatchedHop = z.infer<typeof watchedHop>;

/** One thing that was otherwise than before. */
const watchedChange = z.object({
  at: timeText,
  /** Since the watch began. */
  atMs: z.number(),
  /** "settings": what the user switched. */
  what: z.enum(["link", "address", "route", "rule", "resolver", "windows", "verdict", "settings"]),
  /** Which link, file or adapter. */
  subject: text,
  /** Null: it was not there. */
  before: text.nullable(),
  after: text.nullable(),
});
export type WatchedChange = z.infer<typeof watchedChange>;

export const watchReport = z.object({
  startedAt: timeText,
  durationMs: z.number(),
  rounds: count,
  packetsSent: count,
  /** The oldest first. */
  changes: z.array(watchedChange).readonly(),
  /** Older ones that were not kept. */
  changesLeftOut: count,
  hops: z.array(watchedHop).readonly(),
});
export type WatchReport = z.infer<typeof watchReport>;

/** The last event of a run that went on: all of it belongs to that run's path. */
const watched = z.object({ kind: z.literal("watched"), ...watchReport.shape });
export type Watched = z.infer<typeof watched>;

/** Every kind of event above. */
export const WATCH_EVENTS = [watched] as const;
