// Several targets on one screen: what the table says of each, and what Enter opens.

import { cleanup, render } from "ink-testing-library";
import stringWidth from "string-width";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { App } from "../../ui/App.tsx";
import { textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { START } from "../../ui/screen-state.ts";
import * as samples from "./sample-snapshots.ts";

/** A busy machine is no failure. */
const PATIENT = { timeout: 30_000 };

afterEach(cleanup);

const named = (snapshot: Snapshot, host: string): Snapshot => ({
  ...snapshot,
  target: { ...snapshot.target, input: host, host },
});

const EIGHT: readonly [Snapshot, ...Snapshot[]] = [
  named(samples.blackhole, "github.com"),
  named(samples.healthy, "example.org"),
  named(samples.inconclusive, "example.net"),
  named(samples.running, "slow.example"),
  named(samples.empty, "later.example"),
  samples.hostile,
  named(samples.healthy, "مثال.example"),
  named(samples.bracketed, "例え.example"),
];

const tableAt = (columns: number, rows: number) =>
  layOut(
    { snapshot: EIGHT[0], targets: EIGHT, report: null, nowMs: 0, columns, rows, keys: true },
    { ...START, view: "targets" },
  ).lines.map(textOf);

describe("the table of targets", () => {
  it("has the verdict, the failing stage and the sizes of each", () => {
    const lines = tableAt(140, 30);
    const lineOf = (name: string) => lines.slice(2).find((text) => text.includes(name)) ?? "";
    expect(lineOf("github.com")).toMatch(/✗ FAULT +tls .*1400!/);
    expect(lineOf("example.org")).toMatch(/✓ HEALTHY .*1500/);
    expect(lineOf("slow.example")).toContain("sweeping MSS");
    expect(lineOf("they part")).not.toBe("");
  });

  it.each([60, 80, 100, 140, 200])("fits %s columns, whatever a name holds", (columns) => {
    for (const rows of [20, 30, 50]) {
      const lines = tableAt(columns, rows);
      expect(lines).toHaveLength(rows - 1);
      expect(lines.join("\n")).not.toMatch(/[^\P{C}\n]/u);
      expect(Math.max(...lines.map((text) => stringWidth(text)))).toBeLessThanOrEqual(columns);
      for (const { target } of EIGHT.slice(0, 5)) {
        const cut = target.host.slice(0, 7);
        expect(lines.some((text) => text.includes(cut))).toBe(true);
      }
    }
  });

  it("opens a target with Enter, and comes back with 0", async () => {
    const app = <App targets={EIGHT} rows={30} columns={140} theme="none" onQuit={() => {}} />;
    const screen = render(app);
    screen.stdin.write("jj\r");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("wsl-trace example.org"), PATIENT);
    screen.stdin.write("0");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("they part"), PATIENT);
  });
});
