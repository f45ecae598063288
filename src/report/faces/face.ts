// A report as a file for others: Markdown for issue trackers, HTML for people, by the file's extension.

import type { Report } from "../../schema/report.ts";
import { htmlReport } from "../html/page.ts";
import { makeReport } from "../make.ts";
import { markdownReport, type Reader } from "../markdown/markdown.ts";
import { explanation } from "../text-trace.ts";
import type { Language } from "../trace/language.ts";
import { ENGLISH_TEXTS } from "./english.ts";
import type { OtherLanguage } from "./other-language.ts";

export interface FaceOptions {
  /** Whose form the Markdown follows. */
  readonly reader?: Reader;
  /** Another language than the one that the reports are written in. */
  readonly language?: OtherLanguage | undefined;
}

/** @param file ends in .md or .html */
export function faceOf(
  file: string,
  reports: readonly Report[],
  { reader = "wsl", language }: FaceOptions = {},
): string {
  const texts = language?.texts ?? ENGLISH_TEXTS;
  const written =
    language === undefined ? reports : reports.map((one) => inOther(one, language.of));
  return file.endsWith(".html")
    ? htmlReport(written, texts)
    : markdownReport(written, reader, texts);
}

/** The verdict, the numbered trace and the fix: the plain text of another language. */
export function explanationIn(language: OtherLanguage, report: Report): string {
  return explanation(inOther(report, language.of), language.explanation);
}

/** Made anew from its events, which are redacted where the report is. */
function inOther({ events, redaction }: Report, language: Language): Report {
  const report = makeReport(events, language);
  return redaction === undefined ? report : { ...report, redaction };
}
