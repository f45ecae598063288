// A report as text in another language than English, which is loaded only then.

import type { Report } from "../schema/report.ts";
import type { LanguageCode } from "../schema/run-choices.ts";

/** The verdict, the numbered trace and the fix. */
export async function textIn(lang: Exclude<LanguageCode, "en">, report: Report): Promise<string> {
  const { languageOf } = await import("../report/languages.ts");
  const { explanationIn } = await import("../report/faces/face.ts");
  const language = await languageOf(lang);
  return explanationIn(language, report);
}
