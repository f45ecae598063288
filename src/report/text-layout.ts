// Lays out plain text: display width, wrapping at words, and columns; whatever goes in is made printable.

import { printable } from "./escape.ts";

/** The line length that every terminal and every issue tracker shows whole. */
const COLUMNS = 80;

// East Asian wide and full-width blocks and emoji take two cells (UAX #11), in broad strokes.
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const COMBINING = /\p{M}/u;

/** How many terminal cells the text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!COMBINING.test(character)) {
      width += WIDE.test(character) ? 2 : 1;
    }
  }
  return width;
}

/** Lines of at most `width` cells, broken at spaces; a word longer than that stays whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && displayWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}

/** A paragraph that begins with `lead` and hangs under its end. */
export function hanging(lead: string, text: string): string[] {
  const safeLead = printable(lead);
  const indent = displayWidth(safeLead);
  const gap = " ".repeat(indent);
  return wrapped(text, COLUMNS - indent).map(
    (line, index) => `${index === 0 ? safeLead : gap}${line}`,
  );
}

/** The text filled up with spaces to `width` cells; never cut. */
export function padded(text: string, width: number): string {
  const safe = printable(text);
  return safe + " ".repeat(Math.max(0, width - displayWidth(safe)));
}
