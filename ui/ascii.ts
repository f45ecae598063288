// The screen for fonts without lines, bars and arrows: each of its signs as a letter that every font has.

import type { Line } from "./lines.ts";

/** One column each, as the sign that it stands for. */
const SIGNS: Readonly<Record<string, string>> = {
  "━": "=",
  "─": "-",
  "╌": "-",
  "┈": ".",
  "┄": ".",
  "╍": "~",
  "│": "|",
  "┊": ":",
  "┬": "+",
  "├": "+",
  "┤": "|",
  "╭": "+",
  "╮": "+",
  "╰": "+",
  "╯": "+",
  "┿": "#",
  "●": "o",
  "○": ".",
  "◌": "c",
  "◆": "#",
  "✗": "X",
  "✓": "+",
  "≈": "~",
  "▶": ">",
  "▸": ">",
  "▼": "v",
  "▾": "v",
  "◀": "<",
  "◂": "<",
  "▲": "^",
  "→": ">",
  "←": "<",
  "↑": "^",
  "↓": "v",
  "·": ".",
  "–": "-",
  "…": "~",
  "█": "#",
  "▇": "#",
  "▆": "#",
  "▅": "+",
  "▄": "+",
  "▃": "-",
  "▂": "-",
  "▁": "_",
  "▒": "*",
  "◐": "|",
  "◓": "/",
  "◑": "-",
  "◒": "\\",
};

const ANY = new RegExp(`[${Object.keys(SIGNS).join("")}]`, "g");

export function asciiOf(spans: Line): Line {
  return spans.map((one) => ({
    ...one,
    text: one.text.replace(ANY, (sign) => SIGNS[sign] ?? sign),
  }));
}
