// The one table of keys: what the screen obeys and what its help shows.

import type { Key } from "ink";

export type Action = "help" | "details" | "quit" | "interrupt";

export interface KeyRow {
  readonly label: string;
  readonly does: string;
  readonly action: Action;
  readonly matches: (input: string, key: Pick<Key, "ctrl">) => boolean;
}

export const KEYS: readonly KeyRow[] = [
  {
    label: "?",
    does: "show or hide this help",
    action: "help",
    matches: (input, { ctrl }) => input === "?" && !ctrl,
  },
  {
    label: "d",
    does: "show or hide evidence, what was ruled out, and every fix",
    action: "details",
    matches: (input, { ctrl }) => input === "d" && !ctrl,
  },
  {
    label: "q",
    does: "stop and keep the verdict so far",
    action: "quit",
    matches: (input, { ctrl }) => input === "q" && !ctrl,
  },
  {
    label: "Ctrl-C",
    does: "the same, and exit as interrupted",
    action: "interrupt",
    matches: (input, { ctrl }) => input === "c" && ctrl,
  },
];

/** The action of a key press; null for a key that is not in the table. */
export function actionOf(input: string, key: Pick<Key, "ctrl">): Action | null {
  return KEYS.find(({ matches }) => matches(input, key))?.action ?? null;
}
