// Exact frames of the screen, and what its keys do to it.

import { cleanup, render } from "ink-testing-library";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { App } from "../../ui/App.tsx";
import { expectGolden } from "./golden.ts";
import * as samples from "./sample-snapshots.ts";

/** A busy machine is no failure. */
const PATIENT = { timeout: 30_000 };

afterEach(cleanup);

interface Screen {
  readonly columns?: number;
  readonly rows?: number | null;
  readonly onQuit?: (() => void) | null;
}

function screenOf(snapshot: Snapshot, { columns = 80, rows = null, onQuit = null }: Screen = {}) {
  return render(
    <App snapshot={snapshot} columns={columns} rows={rows} colour={false} onQuit={onQuit} />,
  );
}

function frameOf(snapshot: Snapshot, screen?: Screen): string {
  return screenOf(snapshot, screen).lastFrame() ?? "";
}

const golden = (name: string) => new URL(`frames/${name}.txt`, import.meta.url);

describe("a frame", () => {
  it.each([
    ["empty: the machine is still being read", "empty", samples.empty],
    ["running: what was not passed yet is unknown", "running", samples.running],
    ["blackhole: the inbound lane is cut at the VPN adapter", "blackhole", samples.blackhole],
    ["bracketed: the hole is marked between two segments", "bracketed", samples.bracketed],
    ["healthy: alike hops are folded", "healthy", samples.healthy],
    ["watched: where this kernel saw the packets", "watched", samples.watched],
    ["inconclusive: the verdict gives the reason", "inconclusive", samples.inconclusive],
    ["hostile: escape sequences are written out", "hostile", samples.hostile],
  ])("%s", async (_, name, snapshot) => {
    await expectGolden(frameOf(snapshot), golden(name));
  });

  it("of 40 columns keeps kinds, directions, verdict and fix", async () => {
    await expectGolden(frameOf(samples.blackhole, { columns: 40 }), golden("blackhole-40-columns"));
  });

  it("of 24 rows folds the chain and still shows the hole and the fix", async () => {
    const frame = frameOf(samples.blackhole, { rows: 24, onQuit: () => {} });
    expect(frame.split("\n").length).toBeLessThan(24);
    await expectGolden(frame, golden("blackhole-24-rows"));
  });

  it.each(Object.entries(samples))("of %s is never wider than the screen", (_, snapshot) => {
    for (const columns of [40, 60, 80, 120]) {
      const widths = frameOf(snapshot, { columns })
        .split("\n")
        .map((line) => line.length);
      expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    }
  });

  it("of hostile names holds no control character", () => {
    expect(frameOf(samples.hostile)).not.toMatch(/[^\P{C}\n]/u);
  });

  it("that does not fit keeps its lower end and stays below the height of the screen", async () => {
    const screen = screenOf(samples.hostile, { rows: 20, onQuit: () => {} });
    screen.stdin.write("d");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("evidence"), PATIENT);
    const lines = (screen.lastFrame() ?? "").split("\n");
    expect(lines.length).toBeLessThan(20);
    expect(lines.at(-1)).toContain("q quit");
  });
});

describe("a key", () => {
  it("? shows the keys and hides them again", async () => {
    const screen = screenOf(samples.empty, { onQuit: () => {} });
    const before = screen.lastFrame();
    screen.stdin.write("?");
    await vi.waitFor(() => expect(screen.lastFrame()).not.toBe(before), PATIENT);
    await expectGolden(screen.lastFrame() ?? "", golden("help"));
    screen.stdin.write("?");
    await vi.waitFor(() => expect(screen.lastFrame()).toBe(before), PATIENT);
  });

  it("d shows evidence, what was ruled out, and every fix", async () => {
    const screen = screenOf(samples.blackhole, { onQuit: () => {} });
    screen.stdin.write("d");
    await vi.waitFor(() => expect(screen.lastFrame()).toContain("evidence e12 e41"), PATIENT);
    await expectGolden(screen.lastFrame() ?? "", golden("details"));
  });

  it.each([
    ["q", "q"],
    ["Ctrl-C", "\u0003"],
  ])("%s quits", async (_, bytes) => {
    const onQuit = vi.fn();
    const screen = screenOf(samples.running, { onQuit });
    screen.stdin.write(bytes);
    await vi.waitFor(() => expect(onQuit).toHaveBeenCalledOnce(), PATIENT);
  });

  it("does nothing on a screen that takes none", () => {
    const screen = screenOf(samples.running);
    const before = screen.lastFrame();
    screen.stdin.write("?");
    expect(screen.lastFrame()).toBe(before);
    expect(before).not.toContain("q quit");
  });
});
