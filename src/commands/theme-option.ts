// How the screen of a command is drawn, as it is typed.

import { Option } from "commander";
import { OPTION_TEXTS } from "./option-texts.ts";
import { THEMES, type Theme } from "./themes.ts";
import type { TypedFlags } from "./typed-options.ts";

/** --theme of each command that has a screen. */
export function themeOption(): Option {
  return new Option("--theme <theme>", OPTION_TEXTS.theme).choices(THEMES);
}

/** Colours for a dark terminal, and lines, unless others are asked for. */
export function readLook({ theme, ascii }: Pick<TypedFlags, "theme" | "ascii">): {
  readonly theme: Theme;
  readonly ascii: boolean;
} {
  return { theme: theme ?? "dark", ascii: ascii === true };
}
