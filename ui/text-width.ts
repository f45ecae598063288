// How many terminal columns a text takes, and its characters as a reader counts them.

import stringWidth from "string-width";

/** Latin letters, and the signs, lines and bars that the screen draws: one column each, and most of all text. */
const NARROW = /^[\x20-\x7e\u2013\u2026\u2190-\u2193\u2500-\u25ff\u2713\u2717]*$/;

export function textWidth(text: string): number {
  // Ten times as fast as looking at each character, and a frame asks some thousand times.
  return NARROW.test(text) ? text.length : stringWidth(text);
}

const SEGMENTER = new Intl.Segmenter();

/** Letters with their accents, emoji with their modifiers. */
export function graphemesOf(text: string): readonly string[] {
  if (NARROW.test(text)) return text.split("");
  return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
}
