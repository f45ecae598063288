// Chinese as a language of reports: what has no sentence in it stays English.

import { causeOf } from "../../../diagnosis/causes/list.ts";
import type { Words } from "../../../diagnosis/words.ts";
import type { OtherLanguage } from "../../faces/other-language.ts";
import type { Sentence, Sentences } from "../sentence.ts";
import { writtenOut } from "../words.ts";
import { CHINESE_COMPARISON } from "./comparison.ts";
import { CHINESE_EXPLANATION } from "./explanation.ts";
import { factIn } from "./facts.ts";
import * as fixes from "./fixes.ts";
import { CHINESE_INTERIM } from "./interim.ts";
import * as names from "./names.ts";
import { CHINESE_PHRASES } from "./phrases.ts";
import * as reach from "./reach.ts";
import { CHINESE_SIZES } from "./sizes.ts";
import { CHINESE_TEXTS } from "./texts.ts";
import { CHINESE_TITLES } from "./titles.ts";

type ByCause = Readonly<Record<string, Sentences>>;

const OF_CAUSES: readonly ByCause[] = [
  CHINESE_SIZES,
  names.CHINESE_NAMES,
  names.CHINESE_RESOLVER_FILE,
  reach.CHINESE_REACH,
  reach.CHINESE_ROUTE,
  reach.CHINESE_WEB,
  reach.CHINESE_APPLICATION,
  fixes.FIXES_OF_NAMES,
  fixes.FIXES_OF_WSL_DNS,
  fixes.FIXES_OF_RESOLVER_FILE,
  fixes.FIXES_OF_ROUTE,
  fixes.FIXES_OF_STACK,
  fixes.FIXES_OF_HOST,
  fixes.FIXES_OF_REACH,
  fixes.FIXES_OF_PROXY,
  fixes.FIXES_OF_SIZES,
  fixes.FIXES_OF_MIRRORED,
  fixes.FIXES_OF_WEB,
  fixes.FIXES_OF_IPV6,
  fixes.FIXES_OF_APPLICATION,
  fixes.FIXES_OF_WSL_NETWORK,
  fixes.FIXES_OF_WINDOWS_FILTER,
  fixes.FIXES_OF_INBOUND,
];
const NEEDS: Sentences = reach.CHINESE_NEEDS;
const FIXES: Sentences = fixes.CHINESE_FIXES;

/** The sentence of a rule's words; undefined where it has none in Chinese. */
export function chineseSentence(
  cause: string,
  { of, key }: Pick<Words, "of" | "key">,
): Sentence | undefined {
  if (of === "needs") return NEEDS[key];
  if (of === "fixes") return FIXES[key];
  return OF_CAUSES.map((table) => table[cause]?.[key]).find((one) => one !== undefined);
}

const TITLES: Readonly<Record<string, string>> = CHINESE_TITLES;

function titleOf(cause: string): string {
  return TITLES[cause] ?? cause;
}

export const CHINESE: OtherLanguage = {
  of: {
    phrases: CHINESE_PHRASES,
    title: titleOf,
    writtenOut: (cause, words) => {
      const sentence = chineseSentence(cause, words);
      if (sentence === undefined) return writtenOut(cause, words);
      return typeof sentence === "string" ? sentence : sentence(words.values);
    },
    reason: (cause, reason) => {
      const title = cause === null ? undefined : causeOf(cause)?.title;
      if (cause === null || title === undefined || !reason.startsWith(title)) return factIn(reason);
      const rest = reason.slice(title.length).replace(/^; /, "");
      return rest === "" ? titleOf(cause) : `${titleOf(cause)}；${factIn(rest)}`;
    },
  },
  texts: CHINESE_TEXTS,
  explanation: CHINESE_EXPLANATION,
  interim: CHINESE_INTERIM,
  comparison: CHINESE_COMPARISON,
};
