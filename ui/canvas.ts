// A grid of terminal cells on which text is placed by column; wide characters take two of them.

import { printable } from "../src/report/escape.ts";
import { type Line, type Span, span } from "./lines.ts";
import type { Tone } from "./status.ts";
import { graphemesOf, textWidth } from "./text-width.ts";

interface Cell {
  /** Empty behind a wide character. */
  readonly text: string;
  readonly tone: Tone;
}

export interface Row {
  /** What does not fit at the right end is left out, and so is a wide character that would be halved. */
  put(column: number, text: string, tone: Tone): void;
  line(): Line;
}

const BLANK: Cell = { text: " ", tone: "plain" };

export function createRow(columns: number): Row {
  const cells: Cell[] = Array.from({ length: columns }, () => BLANK);
  return {
    put: (column, text, tone) => {
      let at = column;
      for (const character of graphemesOf(printable(text))) {
        const width = textWidth(character);
        if (width === 0 || at < 0 || at + width > columns) break;
        cells[at] = { text: character, tone };
        if (width > 1) cells[at + 1] = { text: "", tone };
        at += width;
      }
    },
    line: () => joined(cells),
  };
}

/** Neighbours of one tone become one span; spaces at the right end go. */
function joined(cells: readonly Cell[]): Line {
  const spans: Span[] = [];
  let text = "";
  let tone: Tone = "plain";
  for (const cell of cells) {
    const isSame = cell.tone === tone || cell.text === " ";
    if (!isSame) {
      if (text !== "") spans.push(span(text, tone));
      text = "";
      tone = cell.tone;
    }
    text += cell.text;
  }
  const last = text.trimEnd();
  return last === "" ? spans : [...spans, span(last, tone)];
}
