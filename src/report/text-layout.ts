// Lays out plain text: wrapping at words, and columns, in terminal cells; whatever goes in is made printable.

import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { printable } from "./escape.ts";

/** The line length that every terminal and every issue tracker shows whole. */
const COLUMNS = 80;

/** Lines of at most `width` cells, broken at spaces; a word longer than that stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines = wrapAnsi(printable(text), width).split("\n");
  // Chinese has no spaces to break at: any two of its signs may part (UAX 14, class ID).
  const isChinese = SENTENCE.test(text);
  return lines.length > 1 && isChinese ? brokenAnywhere(printable(text), width) : lines;
}

/** Its punctuation: an adapter's name in an English sentence has none, and stays whole. */
const SENTENCE = /[，。；：、]/;
/** A sign with the punctuation that must not begin a line, a word, or the room between two. */
const PIECES =
  /[“（]*[\u2e80-\u9fff\uff00-\uffef][，。；：、）”？！]*|[^\s\u2e80-\u9fff\uff00-\uffef]+[，。；：、）”]*|\s+/gu;

function brokenAnywhere(text: string, width: number): string[] {
  const lines = [""];
  for (const piece of text.match(PIECES) ?? []) {
    const line = lines.at(-1) ?? "";
    const fits = stringWidth(line + piece.trimEnd()) <= width;
    if (line === "" || fits)
      lines[lines.length - 1] = line === "" ? piece.trimStart() : line + piece;
    else lines.push(piece.trimStart());
  }
  return lines.map((line) => line.trimEnd());
}

/** A paragraph that begins with `lead` and hangs under its end. */
export function hanging(lead: string, text: string): string[] {
  const safeLead = printable(lead);
  const indent = stringWidth(safeLead);
  const gap = " ".repeat(indent);
  return wrapped(text, COLUMNS - indent).map(
    (line, index) => `${index === 0 ? safeLead : gap}${line}`,
  );
}

/** The text filled up with spaces to `width` cells; never cut. */
export function padded(text: string, width: number): string {
  const safe = printable(text);
  return safe + " ".repeat(Math.max(0, width - stringWidth(safe)));
}
