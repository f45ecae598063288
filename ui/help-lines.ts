// The keys and the signs, each with its meaning.

import { KEYS } from "./keys.ts";
import { fitted, type Line, line, span, wrapped } from "./lines.ts";
import { SEGMENT_LOOKS } from "./status.ts";

export function helpLines(columns: number): readonly Line[] {
  const keys = KEYS.filter(({ label }) => label !== "");
  const row = (sign: string, meaning: string): readonly Line[] => {
    const [first = [], ...more] = wrapped(meaning, "plain", {
      columns,
      first: " ".repeat(SIGN_WIDTH + 1),
    });
    const lead = [span(" "), ...fitted(line(sign, "strong"), SIGN_WIDTH)];
    return [[...lead, ...first.slice(1)], ...more];
  };
  const looks = Object.values(SEGMENT_LOOKS);
  return [
    line(" Keys", "strong"),
    ...keys.flatMap(({ label, does }) => row(label, does)),
    [],
    line(" Signs", "strong"),
    ...row("out in", "the lanes: outbound (from the guest) and inbound; in a list ↓ and ↑"),
    ...row("✗", "packets stop here; ✗?: on one of these links, and which is not known"),
    ...row("┈ ┊ ○", "behind that: small packets alone"),
    ...row("╌ ◌ ~", "named by Windows, never answered a probe itself"),
    ...row("· ?", "not known"),
    [
      span(" "),
      ...looks.flatMap(({ sign, word, tone }) => [span(`${sign} ${word}`, tone), span("  ")]),
    ],
  ];
}

const SIGN_WIDTH = 8;
