// The journal of `wsl-trace fix`: what was changed, from what, and how far that went; written before each change.

import * as z from "zod";
import { change, state } from "./change.ts";

const JOURNAL_SCHEMA = "wsl-trace.fix/1";

const step = z.object({
  change,
  /** What the change touches, as it was. */
  before: state,
  /** As it was afterwards; null while that is not known. */
  after: state.nullable(),
});
export type Step = z.infer<typeof step>;

const entry = z.object({
  cause: z.string().regex(/^[a-z0-9-]+$/),
  startedAt: z.string(),
  /** Of the running kernel and its network namespace: elsewhere, and after a restart, files alone are left of a fix. */
  boot: z.string(),
  netns: z.string(),
  /** `applying`: its steps are being done. `trying`: all done, and not judged yet. `undoing`: being taken back. */
  status: z.enum(["applying", "trying", "kept", "undoing"]),
  /** The lasting form of one that was kept. */
  isLasting: z.boolean(),
  steps: z.array(step).readonly(),
});
export type Entry = z.infer<typeof entry>;

export const journal = z.object({
  schema: z.literal(JOURNAL_SCHEMA),
  /** The oldest first. */
  entries: z.array(entry).readonly(),
});
export type Journal = z.infer<typeof journal>;

export const EMPTY_JOURNAL: Journal = { schema: JOURNAL_SCHEMA, entries: [] };

/** The last entry, where it was not brought to its end. */
export function unfinished({ entries }: Journal): Entry | null {
  const last = entries.at(-1);
  return last === undefined || last.status === "kept" ? null : last;
}

/** The journal with another last entry; null takes it out. */
export function withLast({ schema, entries }: Journal, last: Entry | null): Journal {
  return { schema, entries: [...entries.slice(0, -1), ...(last === null ? [] : [last])] };
}
