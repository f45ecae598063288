// Everything that a report says in a language beside English.

import type { ComparisonTexts } from "../compare.ts";
import type { InterimTexts } from "../interim.ts";
import type { ExplanationTexts } from "../text-trace.ts";
import type { Language } from "../trace/language.ts";
import type { FaceTexts } from "./texts.ts";

/** What rules and steps say, the headings of files, the layout of the trace as text, and what is said while a run waits. */
export interface OtherLanguage {
  readonly of: Language;
  readonly texts: FaceTexts;
  readonly explanation: ExplanationTexts;
  readonly interim: InterimTexts;
  /** Of several targets. */
  readonly comparison: ComparisonTexts;
}
