// What a watch of hours writes down: a line for each change of the network, and for each change of a verdict.

import * as z from "zod";

const change = z.object({
  kind: z.literal("change"),
  /** RFC 3339. */
  at: z.string(),
  what: z.string(),
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const verdict = z.object({
  kind: z.literal("verdict"),
  at: z.string(),
  /** As it was typed. */
  target: z.string(),
  verdict: z.enum(["healthy", "degraded", "fault", "inconclusive"]),
  /** Null where no finding is more than a note. */
  cause: z.string().nullable(),
  reason: z.string(),
  /** The recording's file, which the ring may have given up since. */
  recording: z.string().nullable(),
});

const run = z.object({
  kind: z.enum(["started", "ended", "slept"]),
  at: z.string(),
  /** Milliseconds that the machine was away. */
  ms: z.number().optional(),
});

const journalLine = z.union([change, verdict, run]);
export type JournalLine = z.infer<typeof journalLine>;
export type VerdictLine = z.infer<typeof verdict>;

/** The lines that can be read: one that a crash cut off is left out. */
export function readJournal(text: string): readonly JournalLine[] {
  return text.split("\n").flatMap((line) => readJournalLine(line) ?? []);
}

/** Null for a line that is none of a journal's. */
export function readJournalLine(line: string): JournalLine | null {
  const parsed = journalLine.safeParse(parsedJson(line));
  return parsed.success ? parsed.data : null;
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
