// Which symptoms a user's own words are about.

import { SYMPTOMS, type Symptom } from "./symptoms.ts";

/** Little words that tell nothing. */
const LEAST_LETTERS = 2;
/** In words: what a program printed tells more than what it was about. */
const SIGN_WEIGHT = 3;

/** The symptoms that share most with the text, the best first; empty where none does. */
export function symptomsOf(text: string, most: number): readonly Symptom[] {
  const lower = text.toLowerCase();
  const typed = lower
    .split(/[^\p{L}\p{N}._-]+/u)
    .map((word) => word.replace(/[.-]+$/, ""))
    .filter((word) => word.length >= LEAST_LETTERS);
  const scored = SYMPTOMS.map((symptom) => ({ symptom, score: scoreOf(symptom, lower, typed) }));
  const best = Math.max(0, ...scored.map(({ score }) => score));
  if (best === 0) return [];
  return scored
    .filter(({ score }) => score === best || score > 1)
    .sort((one, other) => other.score - one.score)
    .slice(0, most)
    .map(({ symptom }) => symptom);
}

function scoreOf({ words, signs }: Symptom, text: string, typed: readonly string[]): number {
  const shared = words.split(" ").filter((word) => typed.some((one) => isSameWord(one, word)));
  const shown = signs.split("|").filter((sign) => text.includes(sign));
  return shared.length + SIGN_WEIGHT * shown.length;
}

/** "hangs" and "hanging" are "hang" to whoever types them; "portal" is no "port". */
function isSameWord(typed: string, word: string): boolean {
  if (typed === word) return true;
  return (
    word.length >= STEM_LETTERS && typed.startsWith(word) && ENDING.test(typed.slice(word.length))
  );
}

const STEM_LETTERS = 4;
const ENDING = /^(s|es|ed|d|ing|able|n|en)$/;
