// The one table of keys: what the screen obeys and what its help shows.

import type { Key } from "ink";
import type { FilmKey, WatchKey } from "../src/watch/controls.ts";
import { VIEW_NAMES, type ViewName, viewOf } from "./views.ts";

export type Action =
  | "up"
  | "down"
  | "page up"
  | "page down"
  | "first"
  | "last"
  | "open"
  | "back"
  | "next view"
  | "search"
  | "find next"
  | "sort"
  | "details"
  | "privacy"
  | "copy"
  | "write"
  | "fix"
  | "help"
  | "quit"
  | "interrupt"
  | { readonly watch: FilmKey | WatchKey }
  | { readonly view: ViewName };

export type Pressed = Partial<Key>;

interface KeyRow {
  readonly label: string;
  readonly does: string;
  readonly action: Action;
  readonly matches: (input: string, key: Pressed) => boolean;
}

/** One of these characters, without Ctrl. */
const typed =
  (...characters: readonly string[]) =>
  (input: string, { ctrl = false }: Pressed) =>
    characters.includes(input) && !ctrl;

/** A key without a character, or one of these characters in its place. */
const named =
  (name: keyof Key, ...characters: readonly string[]) =>
  (input: string, key: Pressed) =>
    key[name] === true || typed(...characters)(input, key);

const row = (
  label: string,
  does: string,
  action: Action,
  matches: KeyRow["matches"] = typed(label),
): KeyRow => ({ label, does, action, matches });

export const KEYS: readonly KeyRow[] = [
  ...VIEW_NAMES.map((view) => row(viewOf(view).key, viewOf(view).shows, { view })),
  row("Tab", "the next of them", "next view", named("tab")),
  row("↑ k", "a line up, or the row before", "up", named("upArrow", "k")),
  row("↓ j", "a line down, or the next row", "down", named("downArrow", "j")),
  row("PgUp b", "a page up", "page up", named("pageUp", "b")),
  row("PgDn", "a page down; so does a space", "page down", named("pageDown", " ")),
  row("g G", "to the first line, to the last", "first", named("home", "g")),
  row("", "", "last", named("end", "G")),
  row("Enter", "the events behind the selected row", "open", named("return")),
  row("Esc", "back from them", "back", named("escape")),
  row("/ n", "search, and to the next line found; narrows the events", "search", typed("/")),
  row("", "", "find next", typed("n")),
  row("s", "sort a table by its next column", "sort"),
  row("d", "show or hide evidence, what was ruled out, and every fix", "details"),
  row("c", "copy the commands of the first fix", "copy"),
  row("f", "try the first fix: shows what would run, and asks", "fix"),
  row("w", "write the report to a file here", "write"),
  row("h", "hide names and addresses, or show them again", "privacy"),
  row("p", "pause the rounds after the verdict, or a recording; or go on", { watch: "pause" }),
  row("r", "trace once more and count from zero; a recording from its beginning", {
    watch: "restart",
  }),
  row("+ -", "rounds, or a recording, faster, slower", { watch: "faster" }, typed("+", "=")),
  row("", "", { watch: "slower" }, typed("-")),
  row(", .", "a recording one event back, or on", { watch: "step back" }, typed(",")),
  row("", "", { watch: "step on" }, typed(".")),
  row("v", "a recording at the event that decided the verdict", { watch: "decided" }),
  row("o", "rounds over another protocol", { watch: "other protocol" }),
  row("a", "trace over another address family", { watch: "other family" }),
  row("e", "rounds from another source port, which may take another path", {
    watch: "other flow",
  }),
  row("?", "show or hide this help", "help"),
  row("q", "stop and keep the verdict so far", "quit"),
  row(
    "Ctrl-C",
    "the same, and exit as interrupted",
    "interrupt",
    (input, { ctrl = false }) => input === "c" && ctrl,
  ),
];

/** The action of a key press; null for a key that is not in the table. */
export function actionOf(input: string, key: Pressed): Action | null {
  return KEYS.find(({ matches }) => matches(input, key))?.action ?? null;
}

/** The part of continuous mode in an action; null for every other one. */
export function watchKeyOf(action: Action | null): FilmKey | WatchKey | null {
  return action !== null && typeof action === "object" && "watch" in action ? action.watch : null;
}

interface Press {
  readonly input: string;
  readonly key: Pressed;
}

/** Keys that came in one piece, as a busy terminal hands them on, one by one. */
export function pressesIn(input: string, key: Pressed): readonly Press[] {
  const characters = [...input];
  if (characters.length < 2) return [{ input, key }];
  return characters.map((character) => CONTROLS[character] ?? { input: character, key: {} });
}

const CONTROLS: Readonly<Record<string, Press>> = {
  "\r": { input: "", key: { return: true } },
  "\t": { input: "", key: { tab: true } },
  "\u0003": { input: "c", key: { ctrl: true } },
  "\u007f": { input: "", key: { backspace: true } },
};
