// A language that a report can be written in.

import { causeOf } from "../../diagnosis/causes/list.ts";
import type { Words } from "../../diagnosis/words.ts";
import { ENGLISH_PHRASES } from "../words/trace-steps.ts";
import { writtenOut } from "../words/words.ts";
import type { TracePhrases } from "./phrases.ts";

export interface Language {
  readonly phrases: TracePhrases;
  /** What a cause is, in a line. */
  title(cause: string): string;
  /** What a rule says in this run. */
  writtenOut(cause: string, words: Words): string;
  /** Why the verdict is what it is: `reason` as it is said in English. @param cause the root's; null without one */
  reason(cause: string | null, reason: string): string;
}

export const ENGLISH: Language = {
  phrases: ENGLISH_PHRASES,
  title: (cause) => causeOf(cause)?.title ?? cause,
  writtenOut,
  reason: (_, reason) => reason,
};
