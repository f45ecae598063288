// The views behind the keys, over recorded runs: that each fits, drives nothing, scrolls, is searched and opens its events.

import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { makeReport } from "../../src/report/make.ts";
import { asciiOf } from "../../ui/ascii.ts";
import { type Action, actionOf } from "../../ui/keys.ts";
import { textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { pressed, type ScreenState, START, typedInto } from "../../ui/screen-state.ts";
import { isRow } from "../../ui/view.ts";
import { domainOf } from "../../ui/view-hops.ts";
import { VIEW_NAMES } from "../../ui/views.ts";
import { recorded } from "./recorded.ts";
import { hostile } from "./sample-snapshots.ts";

const RUN = recorded("wsl2-vpn.root.ndjson.gz");
const NAMES = recorded("wsl1-nrpt.root.ndjson.gz");
const ATTACK = "\u001b]0;owned\u0007\u001b[2J\u202e\n│ ✓ HEALTHY";

/** Every text of the run is an attack; what its schema needs stays. */
function poisoned(snapshot: Snapshot): Snapshot {
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return KEPT.includes(key) ? value : `${value}${ATTACK}`;
    if (Array.isArray(value)) return value.map((one) => poison(one, key));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, poison(one, name)]),
    );
  };
  const path = poison(snapshot.path, "");
  const events = poison(snapshot.events, "");
  if (!isLike(path, snapshot.path) || !isLike(events, snapshot.events))
    throw new Error("poisoned too much");
  return { ...hostile, path, events };
}

const KEPT = ["kind", "id", "outcome", "purpose", "protocol", "stage", "attempt", "address"];

function isLike<T>(value: unknown, like: T): value is T {
  return typeof value === typeof like;
}

function laid(snapshot: Snapshot, state: ScreenState, columns = 120, rows = 30) {
  const report =
    snapshot.finished && snapshot !== hostile && snapshot.events.length > 0
      ? reportOf(snapshot)
      : null;
  return layOut({ snapshot, report, nowMs: 5000, columns, rows, keys: true }, state);
}

function reportOf(snapshot: Snapshot) {
  return snapshot === RUN || snapshot === NAMES ? makeReport(snapshot.events) : null;
}

function textsOf(snapshot: Snapshot, state: ScreenState, columns?: number, rows?: number) {
  return laid(snapshot, state, columns, rows).lines.map(textOf);
}

const pressing = (snapshot: Snapshot, state: ScreenState, ...actions: readonly Action[]) =>
  actions.reduce<ScreenState>(
    (before, action) => pressed(action, before, laid(snapshot, before)),
    state,
  );

const at = (view: ScreenState["view"]): ScreenState => ({ ...START, view });

describe("the view of", () => {
  it.each(VIEW_NAMES)("%s fits every size, and text from outside drives nothing in it", (view) => {
    const attacked = poisoned(RUN);
    for (const snapshot of [RUN, NAMES, attacked, { ...RUN, finished: false }]) {
      for (const [columns, rows] of [
        [60, 20],
        [100, 30],
        [200, 50],
      ] as const) {
        const opened = pressing(snapshot, at(view), "down", "open");
        for (const state of [at(view), opened, { ...at(view), privacy: true }]) {
          const lines = textsOf(snapshot, state, columns, rows);
          expect(lines).toHaveLength(rows - 1);
          expect(lines.join("\n")).not.toMatch(/[^\P{C}\n]/u);
          expect(Math.max(...lines.map((text) => stringWidth(text)))).toBeLessThanOrEqual(columns);
        }
      }
    }
  });

  it("hops counts what was sent and shows who answered, how fast", () => {
    const lines = textsOf(RUN, at("hops"));
    expect(lines.some((text) => text.includes("hop▾"))).toBe(true);
    expect(lines.some((text) => /1 +172\.24\.16\.1 .* \d+ %/.test(text))).toBe(true);
  });

  it("sizes has the limit: what passed below it, what vanished above", () => {
    const lines = textsOf(RUN, at("sizes")).join("\n");
    expect(lines).toMatch(/1401 ━+ .*tcp ✗/);
    expect(lines).toMatch(/1400 ━+ .*tcp ✓/);
  });

  it("sizes takes no size for lost whose handshake ended, nor one of which nothing was asked", () => {
    const attempts = RUN.path.attempts.map((attempt) => {
      const [connect, tls] = attempt.stages;
      if (attempt.mss !== 1360 || connect === undefined || tls === undefined) return attempt;
      const unanswered = {
        ...tls,
        stage: "http" as const,
        result: { kind: "no-reply" as const, waitedMs: 100 },
      };
      return { ...attempt, stages: [connect, tls, unanswered] };
    });
    const connectedAlone = attempts.map((attempt) => ({
      ...attempt,
      stages: attempt.stages.slice(0, 1),
      stalls: [],
    }));
    const linesOf = (some: typeof attempts) =>
      textsOf({ ...RUN, path: { ...RUN.path, attempts: some } }, at("sizes")).join("\n");
    expect(linesOf(attempts)).toMatch(/1400 ━+ .*tcp ✓/);
    expect(linesOf(attempts)).not.toMatch(/1400 ━+ .*tcp ✗/);
    expect(linesOf(connectedAlone)).not.toMatch(/tcp ✗/);
  });

  it("names has every resolver with its answer", () => {
    const lines = textsOf(NAMES, at("names")).join("\n");
    expect(lines).toContain("192.168.1.1");
    expect(lines).toContain("nrpt");
    expect(lines).toMatch(/nothing in \d+ ms/);
  });

  it("evidence has the report's argument, and its steps open their events", () => {
    const opened = pressing(RUN, at("evidence"), "down", "down", "open");
    expect(opened.open?.length).toBeGreaterThan(0);
    expect(textsOf(RUN, opened).join("\n")).toContain("ms after the run began");
  });

  it("evidence waits for the end of a run", () => {
    const running = { ...RUN, finished: false };
    const lines = layOut(
      { snapshot: running, report: null, nowMs: 1, columns: 80, rows: 24, keys: true },
      at("evidence"),
    ).lines;
    expect(lines.map(textOf).join("\n")).toContain("when the run has ended");
  });
});

describe("a key", () => {
  it("of a view shows it, and Tab the next one", () => {
    expect(pressing(RUN, START, { view: "names" }).view).toBe("names");
    expect(
      VIEW_NAMES.reduce<ScreenState>((state) => pressing(RUN, state, "next view"), START).view,
    ).toBe("chain");
  });

  it("sorts a table by another column", () => {
    const before = textsOf(RUN, at("hops")).find((text) => text.includes("▾"));
    const sorted = textsOf(RUN, pressing(RUN, at("hops"), "sort")).find((text) =>
      text.includes("▾"),
    );
    expect(before).toContain("hop▾");
    expect(sorted).toContain("address▾");
  });

  it("/ narrows the events while it is typed, and Esc shows them all again", () => {
    const type = (state: ScreenState, input: string, how = {}) =>
      typedInto(
        state,
        { input, isEnd: false, isErasing: false, isGivenUp: false, ...how },
        laid(RUN, state),
      );
    const typed = [..."tcp-stage"].reduce<ScreenState>(
      (state, one) => type(state, one),
      pressing(RUN, at("events"), "search"),
    );
    const { body } = laid(RUN, typed);
    expect(body.length).toBeGreaterThan(0);
    expect(body.length).toBeLessThan(RUN.events.length);
    expect(type(typed, "", { isErasing: true }).filter).toBe("tcp-stag");
    expect(laid(RUN, type(typed, "", { isGivenUp: true })).body).toHaveLength(RUN.events.length);
  });

  it("/ finds a line in the other views, and n the next one", () => {
    const searching = { ...pressing(RUN, at("evidence"), "search"), search: "proves" };
    const first = typedInto(
      searching,
      { input: "", isEnd: true, isErasing: false, isGivenUp: false },
      laid(RUN, searching),
    );
    const second = pressing(RUN, first, "find next");
    expect(first.offset).not.toBeNull();
    expect(second.offset).toBeGreaterThan(first.offset ?? 0);
  });

  it("h hides names and addresses", () => {
    for (const view of VIEW_NAMES) {
      const shown = textsOf(RUN, pressing(RUN, at(view), "privacy")).join("\n");
      for (const secret of ["github.com", "192.0.2.80", "172.24.25.20", "MSFTVPN", "2001:db8"]) {
        expect(shown, view).not.toContain(secret);
      }
    }
  });

  it("that is not in the table does nothing", () => {
    expect(actionOf("x", {})).toBeNull();
    expect(actionOf("q", { ctrl: true })).toBeNull();
    expect(actionOf("", { return: true })).toBe("open");
  });
});

describe("a screen in ASCII", () => {
  it.each(VIEW_NAMES)("of %s has no other character, and the same width", (view) => {
    for (const columns of [60, 140]) {
      const { lines } = laid(RUN, at(view), columns);
      const plain = lines.map((spans) => textOf(asciiOf(spans)));
      expect(plain.join("\n")).toMatch(/^[\x20-\x7e\n]*$/);
      expect(plain.map((text) => text.length)).toEqual(
        lines.map((spans) => stringWidth(textOf(spans))),
      );
    }
  });
});

describe("the owner of a hop", () => {
  it.each([
    ["ae1.fra.telia.net", "telia.net"],
    ["core2.bt.co.uk.", "bt.co.uk"],
    ["gw.ox.ac.uk", "ox.ac.uk"],
    ["r1.denic.de", "denic.de"],
    ["192.0.2.1", ""],
    ["localhost", ""],
    [null, ""],
  ])("%s is of %s", (name, owner) => expect(domainOf(name)).toBe(owner));
});

it("the names have Windows' own answer beside those of the resolvers", () => {
  const input = { ...START, view: "names" as const };
  const snapshot = recorded("wsl1-nrpt.root.ndjson.gz");
  const size = { columns: 160, rows: 50, report: null, nowMs: 1, keys: true };
  const rows = layOut({ snapshot, ...size }, input).body.filter(isRow);
  const windows = rows.filter(({ id }) => id === `Windows ${snapshot.target.host}`);
  expect(windows.map((row) => textOf(row.line)).join()).toMatch(/Windows.* \d+\.\d+\.\d+\.\d+/);
  expect(rows.some((row) => textOf(row.line).includes("resolv.conf"))).toBe(true);
});
