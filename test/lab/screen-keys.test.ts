// Every key of the table on a real terminal, in a lab and on a recording: what it brings to the screen, and what goes.

import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { KEYS } from "../../ui/keys.ts";
import { VIEW_NAMES, type ViewName } from "../../ui/views.ts";
import { noTmux, openTerminal, type Terminal } from "./harness/tmux.ts";
import { createFolder } from "./independent/tool.ts";

beforeEach(({ skip }) => skip(noTmux, "there is no tmux, which npm test installs as root"));

const CLI = new URL("../../dist/cli.js", import.meta.url).pathname;
const LONG = 240_000;
/** Of a run that goes on. */
const TURNING = /[◐◓◑◒]/;
/** Of a film: its last event is shown, or one before. */
const AT_END = /event (\d+) of \1\b/;
const NOT_AT_END = /event (\d+) of (?!\1\b)/;
const HELP = "show or hide this help";

const folder = createFolder();
let terminal: Terminal | undefined;
/** Labels of the keys that a test pressed. */
const pressed = new Set<string>();

afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
});
afterAll(() => folder.remove());

/** What stands in each view and in no other. */
const SHOWN: Readonly<Record<ViewName, string>> = {
  chain: "path MTU ↓ outbound ━",
  hops: "worst",
  sizes: "in (offered segments)",
  stages: "after the run began",
  names: "named by",
  events: "/ narrows them",
  evidence: "came back",
  kernel: "netfilter   device",
  changes: "since the verdict",
  targets: "fails at",
};

/** Presses a key by its label in the table, and waits for what comes and what goes. */
async function press(label: string, key: string, comes: string | RegExp, ...gone: string[]) {
  if (terminal === undefined) throw new Error("no terminal");
  pressed.add(label);
  await terminal.press(key);
  await terminal.shows(comes, ...gone);
}

async function open(columns: number, rows: number, command: string): Promise<Terminal> {
  terminal = await openTerminal(columns, rows);
  const { path } = folder;
  await terminal.type(`cd ${path}; export HOME=${path} XDG_STATE_HOME=${path}; clear`);
  await terminal.type(`node ${CLI} ${command}; echo exit $?`);
  return terminal;
}

const viewKey = (name: ViewName) => KEYS.find(({ action }) => isView(action, name))?.label ?? "";
const isView = (action: (typeof KEYS)[number]["action"], name: ViewName) =>
  typeof action === "object" && "view" in action && action.view === name;

it("shows what each key promises, in a lab", { timeout: LONG }, async () => {
  const { shows } = await open(140, 40, "path github.com -4 --lab wsl2-vpn --no-wait");
  await shows("vpn-mtu-inbound-blackhole");
  await shows("a round every");
  let before: ViewName = "chain";
  for (const view of VIEW_NAMES.slice(1)) {
    const key = viewKey(view);
    await press(key, key, SHOWN[view], SHOWN[before]);
    before = view;
  }
  await press("1", "1", SHOWN.chain, SHOWN.targets);
  await press("Tab", "Tab", SHOWN.hops, SHOWN.chain);

  // Rows are selected, opened, closed and sorted.
  await press("s", "s", "address▾", "hop▾");
  await press("↓ j", "Down", "192.0.2.80");
  await press("↓ j", "j", "192.0.2.80");
  await press("Enter", "Enter", "ms after the run began", SHOWN.hops);
  await press("Esc", "Escape", SHOWN.hops, "ms after the run began");

  // Events are many: pages, ends, and what is typed narrows them.
  await press("6", "6", "more: PgUp", SHOWN.hops);
  await press("g G", "g", "e1 ", "more: PgUp");
  await press("PgDn", "PageDown", "more: PgUp");
  await press("g G", "g", "e1 ", "more: PgUp");
  await press("g G", "G", "more: PgUp", "more: PgDn");
  await press("PgUp b", "b", "more: PgDn");
  await press("↑ k", "Up", "more: PgDn");
  await press("/ n", "/", " / █");
  await terminal?.type("stage");
  await shows('hold "stage"', "█");
  await press("Esc", "Escape", SHOWN.events, 'hold "stage"');

  // Elsewhere what is typed is searched.
  await press("7", "7", "tried", "/ narrows them");
  await press("/ n", "/", "█");
  await terminal?.type("conclu");
  await shows("7 evidence", "█");
  await press("/ n", "n", "conclu");

  await press("?", "?", HELP, "came back");
  await press("?", "?", "came back", HELP);
  await press("1", "1", SHOWN.chain, "came back");
  await press("d", "d", "ruled out");
  await press("d", "d", SHOWN.chain, "ruled out");
  await press("h", "h", SHOWN.chain, "github.com", "172.24.16.1");
  await press("h", "h", "github.com");
  await press("c", "c", "clipboard");
  await press("w", "w", "written to", "clipboard");
  expect(readdirSync(folder.path).filter((name) => name.endsWith(".txt"))).toHaveLength(1);
  await press("f", "f", "Try the fix", SHOWN.chain);
  await terminal?.press("n");
  await shows(SHOWN.chain, "Try the fix");

  // The rounds: slower, faster, another protocol and port, paused, from zero, another family.
  await press("+ -", "-", "a round every 5 s");
  await press("+ -", "+", "a round every 2 s");
  await press("o", "o", "over udp");
  await press("e", "e", "port 2");
  await press("p", "p", "rounds paused");
  await press("p", "p", "a round every 2 s", "rounds paused");
  await press("r", "r", TURNING, "a round every");
  await shows("a round every 2 s over udp, IPv4");
  await press("a", "a", "IPv6", "IPv4");
  await press("q", "q", "exit 1");
  await shows("verdict: fault", "q quit");
});

it("moves a recording with the keys of a film", { timeout: LONG }, async () => {
  const { type, shows } = await open(140, 40, "path 127.0.0.1 --port 9 --once --record run");
  await shows("exit 1");
  await type(`clear; node ${CLI} replay run; echo exit $?`);
  // What decided the verdict is before the last event: where the film stands tells the screen before a key from the one after it.
  await shows(AT_END);
  await press("v", "v", NOT_AT_END);
  const screen = (await terminal?.screen())?.join("\n") ?? "";
  const decided = Number(/event (\d+) of/.exec(screen)?.[1]);
  expect(screen).toContain("FAULT");
  await press(", .", ".", `event ${decided + 1} of`);
  await press(", .", ",", `event ${decided} of`);
  await press("+ -", "+", "paused, speed 2");
  await press("+ -", "-", "paused, speed 1");
  await press("p", "p", AT_END);
  await press("r", "r", NOT_AT_END);
  const again = (await terminal?.screen())?.join("\n") ?? "";
  if (again.includes("paused, speed")) await press("p", "p", AT_END);
  else await shows(AT_END);
  await press("Ctrl-C", "C-c", "exit 130", "q quit");
});

it("leaves no key of the table out", () => {
  const labels = KEYS.map(({ label }) => label).filter((label) => label !== "");
  expect(labels.filter((label) => !pressed.has(label) && label !== "q")).toEqual([]);
});
