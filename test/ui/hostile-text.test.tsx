// Text from outside in every field that the schema leaves open: in no view does it drive the terminal, colour anything, or make a line of its own.

import { render } from "ink-testing-library";
import stringWidth from "string-width";
import { afterEach, describe, expect, it, vi } from "vitest";
import { EMPTY_PATH } from "../../src/model/path.ts";
import { reduce } from "../../src/model/reduce.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { diagnosisOf } from "../../src/report/diagnosis.ts";
import { makeReport } from "../../src/report/make.ts";
import { walk } from "../../src/report/redact/walk.ts";
import { eventBody, type ProbeEvent, probeEvent } from "../../src/schema/event.ts";
import type { TextKind } from "../../src/schema/text-kinds.ts";
import { snapshotOf } from "../../src/trace.ts";
import { App } from "../../ui/App.tsx";
import { textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { START } from "../../ui/screen-state.ts";
import { lineOf } from "../../ui/view.ts";
import { VIEW_NAMES } from "../../ui/views.ts";
import { leastOf } from "../builders/least-event.ts";
import { readEvents } from "../recordings/files.ts";

/** Together they hold every kind of event that some recording holds. */
const RECORDINGS = [
  "wsl2-vpn.root",
  "wsl1-nrpt.root",
  "next-hop-dead.user.3",
  "ecn-asked-on-a-lossy-path.root.1",
  "proxy-on-windows-loopback.root",
  "inbound-container.user",
  "quic-blocked.root",
  "upload-lost-at-home.root",
  "bridged-to-a-switch.root",
  "datagram-answered.root",
  "docker-has-the-range.root",
  "inbound-guest-firewall.root",
  "middlebox-eats-payload.root",
  "mirrored-port-filtered.root",
  "proxy-behind-limit.root",
  "proxy-required.root",
  "stub-answers-alone.root",
];
const KINDS: readonly Exclude<TextKind, "snapshot">[] = [
  "address",
  "host",
  "adapter",
  "mac",
  "url",
  "target",
  "target-path",
  "time",
  "digest",
  "text",
];
/** Windows of a picture, of a list, and of the least terminal. */
const SIZES = [
  { columns: 140, rows: 40 },
  { columns: 80, rows: 30 },
  { columns: 60, rows: 20 },
];

const FORGED = "✓ FORGED";
/** One word that fits no line that has begun: without an indent of its own it would be a line like the others. */
const LINE = `${FORGED} everything is well`.replaceAll(" ", "\u00a0");
/** A title, the cursor, colours, eight-bit controls, other ends of a line, the other direction of writing, and a line. */
const ATTACK = `\u001b]0;owned\u0007\u001b[2J\u001b[1;1H\u001b[32m\u009b31m\r\n\u2028\v${FORGED}\u202e\u200b word ${LINE}`;

type Replaces = (kind: TextKind, event: ProbeEvent) => boolean;

/** The event with what the schema takes for it. */
function attacked(event: ProbeEvent, replaces: Replaces): ProbeEvent {
  const replace = (kind: TextKind, text: string) =>
    kind !== "id" && replaces(kind, event) && !isName(event, text) ? ATTACK : text;
  const found = probeEvent.safeParse(walk(probeEvent, event, replace));
  return found.success ? found.data : event;
}

/** A snapshot is found by its schema and its properties' names. */
function isName({ kind }: ProbeEvent, text: string): boolean {
  return (
    kind === "host-snapshot" && (text === "wsl-trace.host/1" || /^[a-z]+(-[a-z]+)?$/i.test(text))
  );
}

function snapshotAt(events: readonly ProbeEvent[]): Snapshot {
  const path = events.reduce(reduce, EMPTY_PATH);
  const elapsedMs = events.at(-1)?.atMs ?? 0;
  return { ...snapshotOf(path, diagnosisOf(path), null, elapsedMs), events };
}

function fail(what: string): never {
  throw new Error(`there is no ${what}`);
}

function expectHarmless(events: readonly ProbeEvent[], size: (typeof SIZES)[number]): number {
  const snapshot = snapshotAt(events);
  const report = makeReport(events);
  const targets = [snapshot, snapshot];
  const input = { snapshot, targets, report, nowMs: 5000, keys: true, ...size };
  const opened = events.map(({ id }) => id).slice(0, 30);
  const states = [
    ...VIEW_NAMES.map((view) => ({ view })),
    { view: "chain" as const, details: true },
    { view: "events" as const, open: opened },
  ];
  let seen = 0;
  for (const state of states) {
    const { lines, body } = layOut(input, { ...START, ...state });
    expect(lines).toHaveLength(size.rows - 1);
    for (const one of [...lines, ...body.map(lineOf)]) {
      const text = textOf(one);
      expect(text).not.toMatch(/\p{C}/u);
      // What begins a line of the screen stands at its edge; what goes on is further in.
      expect(text).not.toMatch(/^\s{0,2}✓\s?FORGED/u);
      seen += text.includes("owned") ? 1 : 0;
    }
    expect(Math.max(...lines.map((one) => stringWidth(textOf(one))))).toBeLessThanOrEqual(
      size.columns,
    );
  }
  return seen;
}

/** Each kind of event that no recording holds, as small as its schema takes it. */
function others(held: ReadonlySet<string>): readonly ProbeEvent[] {
  const missing = eventBody.options.filter(({ shape }) => !held.has(kindOf(shape)));
  return missing.map((option, index) =>
    probeEvent.parse({ ...Object(leastOf(option, ATTACK)), id: `e${9000 + index}`, atMs: 1 }),
  );
}

const kindOf = ({ kind }: (typeof eventBody.options)[number]["shape"]) => `${[...kind.values][0]}`;

const RUNS = RECORDINGS.map((name) => ({ name, events: readEvents(`${name}.ndjson.gz`) }));
const HELD = new Set(RUNS.flatMap(({ events }) => events.map(({ kind }) => kind)));
let turn = 0;

/** At one size after the other. */
function expectEachHarmless(events: readonly ProbeEvent[]): number {
  turn += 1;
  return expectHarmless(events, SIZES[turn % SIZES.length] ?? fail("a size"));
}

describe.each(RUNS)("$name", ({ name, events }) => {
  const seen = new Set(
    RUNS.slice(0, RECORDINGS.indexOf(name)).flatMap((run) => run.events.map(({ kind }) => kind)),
  );
  const own = [...new Set(events.map(({ kind }) => kind))].filter((kind) => !seen.has(kind));

  it("shows text as text wherever it comes from", () => {
    expect(expectEachHarmless(events.map((event) => attacked(event, () => true)))).toBeGreaterThan(
      0,
    );
  });

  it.each(own)("shows what %s brings as text", (kind) => {
    expectEachHarmless(events.map((event) => attacked(event, () => event.kind === kind)));
  });
});

describe("the user's second case", () => {
  const events = RUNS[0]?.events ?? [];

  it.each(KINDS)("shows each %s from outside as text", (kind) => {
    expectEachHarmless(events.map((event) => attacked(event, (one) => one === kind)));
  });

  it("shows events of other runs as text", () => {
    const more = others(HELD);
    expect(more.length).toBeGreaterThan(0);
    for (const size of SIZES)
      expectHarmless([...events.slice(0, -1), ...more, ...events.slice(-1)], size);
  });
});

describe("a terminal", () => {
  const screens: ReturnType<typeof render>[] = [];
  afterEach(() => {
    for (const screen of screens.splice(0)) screen.unmount();
  });

  it("gets the theme's own colours and nothing else", async () => {
    const events = readEvents("wsl2-vpn.root.ndjson.gz");
    const hostile = snapshotAt(events.map((event) => attacked(event, () => true)));
    const app = <App targets={[hostile]} rows={40} columns={140} theme="dark" onQuit={() => {}} />;
    const screen = render(app);
    screens.push(screen);
    for (const key of "123456789d") {
      screen.stdin.write(key);
      await vi.waitFor(() => expect(screen.lastFrame()).toContain("owned"), { timeout: 30_000 });
      // SGR (ECMA-48, 8.3.117) is all that may drive it.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what it looks for.
      const bare = (screen.lastFrame() ?? "").replaceAll(/\u001b\[[\d;]*m/g, "");
      expect(bare).not.toMatch(/[^\P{C}\n]/u);
      expect(bare.split("\n").length).toBeLessThanOrEqual(39);
    }
  });
});
