// How the tones look: colours for dark and light terminals, or none.

import type { TextProps } from "ink";
import type { Theme } from "../src/commands/themes.ts";
import type { Tone } from "./status.ts";

/** What Ink gives a text of that tone. Bold, dim and inverse are no colours: NO_COLOR leaves them. */
export function styleOf(tone: Tone, theme: Theme): TextProps {
  return STYLES[theme][tone];
}

const DARK: Readonly<Record<Tone, TextProps>> = {
  good: { color: "green" },
  warn: { color: "yellow" },
  bad: { color: "red", bold: true },
  dim: { dimColor: true },
  strong: { bold: true },
  selected: { inverse: true },
  plain: {},
};

const STYLES: Readonly<Record<Theme, typeof DARK>> = {
  dark: DARK,
  // Yellow and dimmed text can hardly be read on white.
  light: { ...DARK, warn: { color: "magenta" }, dim: { color: "gray" } },
  none: {
    good: {},
    warn: {},
    bad: { bold: true },
    dim: {},
    strong: { bold: true },
    selected: { inverse: true },
    plain: {},
  },
};
