// Every view of runs that are unlike each other, at every size: no frame is too high or too wide, drives nothing, and what is cut says so.

import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { formatChange } from "../../src/report/text-watch.ts";
import { textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { START } from "../../ui/screen-state.ts";
import { VIEW_NAMES } from "../../ui/views.ts";
import { recorded } from "./recorded.ts";
import * as paths from "./sample-paths.ts";
import * as samples from "./sample-snapshots.ts";

const SIZES = [60, 80, 100, 140, 200].flatMap((columns) =>
  [20, 30, 50].map((rows) => ({ columns, rows })),
);
const ATTACK = "\u001b]0;owned\u0007\u001b[2J\u202e\n│ ✓ HEALTHY";

/** Rounds and changes whose every text is an attack. */
const watched: Snapshot = {
  ...samples.blackhole,
  watch: {
    settings: { intervalMs: 2000, paused: false, protocol: "udp", family: 6, flow: 3 },
    hops: [1, 2, 3].map((ttl) => ({
      ttl,
      from: [ATTACK, `192.0.2.${ttl}`],
      mpls: [24_000],
      sent: 90,
      lost: ttl,
      lastMs: 1,
      bestMs: 1,
      meanMs: 2,
      worstMs: 900,
      deviationMs: 3,
      jitterMs: 4,
      samplesMs: Array.from({ length: 60 }, (_, n) => (n % 9 === 0 ? null : n)),
    })),
    history: {
      startedAt: "2026-11-29T20:00:00.000Z",
      durationMs: 60_000,
      rounds: 90,
      packetsSent: 270,
      changesLeftOut: 7,
      changes: Array.from({ length: 80 }, (_, n) => ({
        at: "2026-11-29T20:00:00.000Z",
        atMs: n,
        what: "link",
        subject: `${ATTACK}${n}`,
        before: ATTACK,
        after: null,
      })),
    },
  },
};

const film: Snapshot = {
  ...recorded("wsl2-vpn.root.ndjson.gz", 1000),
  film: { at: 40, events: 111, atMs: 1000, lengthMs: 5100, playing: true, speed: 2, decidedAt: 99 },
};

const RUNS: Readonly<Record<string, Snapshot>> = {
  ...samples,
  ...paths,
  watched,
  film,
  "the first case": recorded("wsl1-nrpt.root.ndjson.gz"),
  "the second case": recorded("wsl2-vpn.root.ndjson.gz"),
  "the host unknown": recorded("wsl2-vpn.user.ndjson.gz"),
  // Each moment waits for another stage.
  ...Object.fromEntries(
    [50, 200, 800, 2500].map((ms) => [`after ${ms} ms`, recorded("wsl2-vpn.root.ndjson.gz", ms)]),
  ),
};

const targets = Object.values(RUNS).slice(0, 8);

describe.each(Object.entries(RUNS))("%s", (_, snapshot) => {
  it.each(VIEW_NAMES)("fits as %s, and drives nothing", (view) => {
    for (const size of SIZES) {
      for (const details of view === "chain" ? [false, true] : [false]) {
        const input = { snapshot, targets, report: null, nowMs: 5000, keys: true, ...size };
        const { lines, body, page, window } = layOut(input, { ...START, view, details });
        const texts = lines.map(textOf);
        expect(texts).toHaveLength(size.rows - 1);
        expect(texts.join("\n")).not.toMatch(/[^\P{C}\n]/u);
        expect(Math.max(...texts.map((text) => stringWidth(text)))).toBeLessThanOrEqual(
          size.columns,
        );
        // What does not fit has a sign, and the key that shows it.
        const rest = texts.at(-1) ?? "";
        if (body.length > page) expect(rest).toMatch(/[↑↓] \d+ more: Pg(Up|Dn)/);
        expect(window.above + window.below).toBe(Math.max(0, body.length - page));
      }
    }
  });
});

it("a change from outside is one line, whatever it holds", () => {
  const [change] = watched.watch?.history.changes ?? [];
  if (change === undefined) throw new Error("no change");
  expect(formatChange(change)).not.toMatch(/\P{C}*[\p{Cc}\p{Cf}]/u);
});
