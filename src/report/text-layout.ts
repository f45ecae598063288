// Lays out plain text: wrapping at words, and columns, in terminal cells; whatever goes in is made printable.

import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { printable } from "./escape.ts";

/** The line length that every terminal and every issue tracker shows whole. */
const COLUMNS = 80;

/** Lines of at most `width` cells, broken at spaces; a word longer than that stays whole. */
export function wrapped(text: string, width: number): string[] {
  return wrapAnsi(printable(text), width).split("\n");
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
