// The languages of a report beside English, each loaded where it is asked for.

import type { LanguageCode } from "../schema/run-choices.ts";
import type { OtherLanguage } from "./faces/other-language.ts";

/** English is what reports are made in, and needs nothing else. */
export async function languageOf(code: Exclude<LanguageCode, "en">): Promise<OtherLanguage>;
export async function languageOf(code: LanguageCode): Promise<OtherLanguage | undefined>;
export async function languageOf(code: LanguageCode): Promise<OtherLanguage | undefined> {
  if (code === "en") return undefined;
  return (await import("./words/zh/language.ts")).CHINESE;
}
