// Everything that a report says in a language beside English.

import type { ExplanationTexts } from "../text-trace.ts";
import type { Language } from "../trace/language.ts";
import type { FaceTexts } from "./texts.ts";

/** What rules and steps say, the headings of files, and the layout of the trace as text. */
export interface OtherLanguage {
  readonly of: Language;
  readonly texts: FaceTexts;
  readonly explanation: ExplanationTexts;
}
