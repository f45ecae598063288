// What a screen is made of before it is drawn: lines of text in tones. Pure, and the last guard against text from outside.

import wrapAnsi from "wrap-ansi";
import { printable } from "../src/report/escape.ts";
import type { Tone } from "./status.ts";
import { graphemesOf, textWidth } from "./text-width.ts";

/** Text in one tone. Only `span` makes one, so that nothing in it can drive a terminal. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Span[];

export function span(text: string, tone: Tone = "plain"): Span {
  return { text: printable(text), tone };
}

/** A line of one tone. */
export function line(text: string, tone: Tone = "plain"): Line {
  return [span(text, tone)];
}

const EMPTY: Line = [];

export function textOf(spans: Line): string {
  return spans.map(({ text }) => text).join("");
}

/** In terminal columns: wide characters take two. */
export function widthOf(spans: Line): number {
  return textWidth(textOf(spans));
}

const MORE = "…";

/** The line in at most so many columns; what is cut off ends in a sign. */
export function cut(spans: Line, columns: number): Line {
  if (widthOf(spans) <= columns) return spans;
  const kept: Span[] = [];
  let left = columns - 1;
  for (const { text, tone } of spans) {
    const part = head(text, left);
    kept.push({ text: part, tone });
    left -= textWidth(part);
    if (part !== text) break;
  }
  return columns < 1 ? EMPTY : [...kept, { text: MORE, tone: "dim" }];
}

function head(text: string, columns: number): string {
  let kept = "";
  let left = columns;
  for (const character of graphemesOf(text)) {
    left -= textWidth(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

/** Exactly so many columns: cut, or filled up with spaces. */
export function fitted(spans: Line, columns: number): Line {
  const short = cut(spans, columns);
  const missing = columns - widthOf(short);
  return missing > 0 ? [...short, { text: " ".repeat(missing), tone: "plain" }] : short;
}

/** The selected line, over the whole width. */
export function lit(spans: Line, columns: number): Line {
  return fitted(spans, columns).map(({ text }) => ({ text, tone: "selected" as const }));
}

/** Left and right on one line, the left one cut where both do not fit. */
export function apart(left: Line, right: Line, columns: number): Line {
  const room = columns - widthOf(right) - 1;
  return room < MIN_LEFT ? cut(left, columns) : [...fitted(left, room), span(" "), ...right];
}

const MIN_LEFT = 10;

/** Text broken between words into lines of at most so many columns, the later ones indented. */
export function wrapped(
  text: string,
  tone: Tone,
  { columns, first = "", rest = " ".repeat(Math.max(LEAST_REST, textWidth(first))) }: Wrapping,
): readonly Line[] {
  const room = Math.max(1, columns - Math.max(textWidth(first), textWidth(rest)));
  const lines = wrapAnsi(printable(text), room, { hard: true }).split("\n");
  return lines.map((part, index) => [span(index === 0 ? first : rest), { text: part, tone }]);
}

/** What goes on is further in than any line begins: a word from outside never looks like a line of the screen. */
const LEAST_REST = 3;

interface Wrapping {
  readonly columns: number;
  /** In front of the first line. */
  readonly first?: string;
  /** In front of the others; as wide a space by default, and never at the edge. */
  readonly rest?: string;
}
