// Frames of the screen at many sizes: what they hold, and what they never do.

import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { waitingFor as waited } from "../../src/facts/connection/waiting.ts";
import { EMPTY_PATH } from "../../src/model/path.ts";
import { reduce } from "../../src/model/reduce.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import type { Stage } from "../../src/schema/verdict.ts";
import { textOf } from "../../ui/lines.ts";
import { layOut } from "../../ui/screen.ts";
import { type ScreenState, START } from "../../ui/screen-state.ts";
import { VERDICT_LOOKS } from "../../ui/status.ts";
import { readEvents } from "../recordings/files.ts";
import { expectGolden } from "./golden.ts";
import { recorded } from "./recorded.ts";
import * as paths from "./sample-paths.ts";
import * as samples from "./sample-snapshots.ts";

const WIDTHS = [60, 80, 100, 140, 200];
const HEIGHTS = [20, 30, 50];
const SIZES = WIDTHS.flatMap((columns) => HEIGHTS.map((rows) => ({ columns, rows })));

/** What the issue of the screen names: each stage failing, the two cases of the user, and what else is unlike the rest. */
const RECORDED: Readonly<Record<string, Snapshot>> = {
  "wsl2-vpn": recorded("wsl2-vpn.root.ndjson.gz"),
  "wsl2-vpn, begun": recorded("wsl2-vpn.root.ndjson.gz", 1000),
  "wsl2-vpn, host unknown": recorded("wsl2-vpn.user.ndjson.gz"),
  "wsl1-nrpt": recorded("wsl1-nrpt.root.ndjson.gz"),
};

/** A run at a moment in which it waits for that stage. */
function waitingFor(stage: Stage["stage"], file: string): Snapshot {
  const events = readEvents(file);
  let path = EMPTY_PATH;
  for (const [index, event] of events.entries()) {
    path = reduce(path, event);
    const isLast = (events[index + 1]?.atMs ?? 0) > event.atMs;
    if (isLast && waited(path)?.stage === stage) return recorded(file, event.atMs);
  }
  throw new Error(`${file} never waits for ${stage}`);
}

const WAITING = {
  resolve: waitingFor("resolve", "wsl1-nrpt.root.ndjson.gz"),
  connect: waitingFor("connect", "port-filtered.user.ndjson.gz"),
  tls: waitingFor("tls", "wsl2-vpn.root.ndjson.gz"),
  http: waitingFor("http", "server-answers-are-eaten.user.ndjson.gz"),
} as const;

/** Each stage failing. */
const FAILING = {
  resolve: RECORDED["wsl1-nrpt"],
  route: recorded("no-default-route.user.ndjson.gz"),
  reach: recorded("provider-down.user.ndjson.gz"),
  connect: recorded("port-filtered.user.ndjson.gz"),
  tls: RECORDED["wsl2-vpn"],
  http: recorded("server-answers-are-eaten.user.ndjson.gz"),
} as const;

const ipv6 = recorded("ipv6-only.user.ndjson.gz");

const ALL: readonly (readonly [string, Snapshot])[] = [
  ...Object.entries(RECORDED),
  ...Object.entries(WAITING),
  ["route failing", FAILING.route],
  ["connect failing", FAILING.connect],
  ["http failing", FAILING.http],
  ["IPv6", ipv6],
  ...Object.entries(samples),
  ...Object.entries(paths),
];

interface Size {
  readonly columns: number;
  readonly rows: number;
}

function frameOf(snapshot: Snapshot, size: Size, state: Partial<ScreenState> = {}): string {
  const input = { snapshot, report: null, nowMs: snapshot.elapsedMs, keys: true, ...size };
  return layOut(input, { ...START, ...state })
    .lines.map((one) => textOf(one).trimEnd())
    .join("\n");
}

function expectFit(frame: string, { columns, rows }: Size): void {
  const lines = frame.split("\n");
  expect(lines).toHaveLength(rows - 1);
  expect(frame).not.toMatch(/[^\P{C}\n]/u);
  expect(Math.max(...lines.map((text) => stringWidth(text)))).toBeLessThanOrEqual(columns);
}

describe("a stage", () => {
  it.each(Object.entries(WAITING))(
    "%s is waiting, with its time, at every size",
    (stage, snapshot) => {
      expect(snapshot.finished).toBe(false);
      for (const size of SIZES)
        expect(frameOf(snapshot, size)).toMatch(new RegExp(`… ${stage} waiting [\\d.]+ m?s`));
    },
  );

  it.each(Object.entries(FAILING))("%s is failing at every size", (stage, snapshot) => {
    if (snapshot === undefined) throw new Error(stage);
    for (const size of SIZES)
      expect(frameOf(snapshot, size)).toMatch(new RegExp(`✗ ${stage}\\s+failed`));
  });
});

/** Nothing is sent for the route, and what reaches shows beside the connection: neither is waited for alone. */
describe("before it is known", () => {
  it.each(["route", "reach"])("%s is to come, and not failing, at every size", (stage) => {
    for (const size of SIZES) {
      const frame = frameOf(WAITING.resolve, size);
      expect(frame).toMatch(new RegExp(`· ${stage}\\s+to come`));
      expect(frame).not.toMatch(new RegExp(`✗ ${stage}`));
    }
  });

  it("reach is to come while the connection is waited for, and route is known", () => {
    for (const size of SIZES) {
      const frame = frameOf(WAITING.connect, size);
      expect(frame).toMatch(/[·✓] reach/);
      expect(frame).toContain("✓ route");
    }
  });
});

it("an IPv6 target stands in brackets, whole where there is room", () => {
  expect(ipv6.address).toContain(":");
  for (const size of SIZES.filter(({ columns }) => columns >= 100))
    expect(frameOf(ipv6, size)).toContain(`→ ${ipv6.address}`);
});

const golden = (name: string) => new URL(`frames/${name}.txt`, import.meta.url);

describe("a frame", () => {
  it.each(ALL)("of %s fits, drives nothing, and has the verdict with its fix", (_, snapshot) => {
    const { word } = VERDICT_LOOKS[snapshot.diagnosis.verdict];
    const hasFix = (snapshot.diagnosis.findings[0]?.fixes.length ?? 0) > 0;
    for (const size of SIZES) {
      const frame = frameOf(snapshot, size);
      expectFit(frame, size);
      if (!snapshot.finished) continue;
      expect(frame).toContain(word);
      if (hasFix) expect(frame).toMatch(/(\$|PS>) /);
    }
  });

  it.each(ALL)("of %s with details says how much is left, and a key shows it", (_, snapshot) => {
    for (const size of SIZES) {
      const frame = frameOf(snapshot, size, { details: true });
      expectFit(frame, size);
      const [, above] = /↑ (\d+) more/.exec(frame) ?? [];
      if (above === undefined) continue;
      expect(frameOf(snapshot, size, { details: true, offset: 0 })).toContain(`↓ ${above} more`);
    }
  });

  it.each([
    ["wsl2-vpn", ["100x30", "140x30", "200x50", "80x30", "60x20"]],
    ["wsl2-vpn, begun", ["140x20", "60x20"]],
    ["wsl2-vpn, host unknown", ["100x30", "80x50"]],
    ["wsl1-nrpt", ["100x20", "140x30", "60x30"]],
  ])("of %s is as it was at %s", async (name, sizes) => {
    const snapshot = RECORDED[name];
    if (snapshot === undefined) throw new Error(name);
    for (const size of sizes) {
      const [columns = 0, rows = 0] = size.split("x").map(Number);
      const file = `${name.replaceAll(/[ ,]+/g, "-")}-${size}`;
      await expectGolden(frameOf(snapshot, { columns, rows }), golden(file));
    }
  });

  it.each(Object.entries(paths))("of %s is as it was as a picture", async (name, snapshot) => {
    await expectGolden(frameOf(snapshot, { columns: 140, rows: 30 }), golden(`${name}-140x30`));
  });
});

describe("somebody who sees it for the first time", () => {
  it.each(SIZES)("is told what to type where no command mends it, at $columns by $rows", (size) => {
    const frame = frameOf(FAILING.connect, size);
    expect(FAILING.connect.diagnosis.findings[0]?.fixes).toEqual([]);
    expect(frame).toContain("$ wsl-trace explain port-filtered");
    expect(frame).not.toContain("f fix");
  });

  it("finds the key that tries a fix, however small the screen is", () => {
    for (const size of SIZES)
      expect(frameOf(FAILING.tls ?? ipv6, size)).toMatch(/f fix|f tries it/);
  });

  it("is not told that all packets vanish where most of them arrive", () => {
    const lossy = recorded("path-loss.root.1.ndjson.gz");
    for (const size of SIZES.filter(({ rows }) => rows > 20)) {
      const frame = frameOf(lossy, size);
      expect(frame).toContain("some packets are lost between");
      expect(frame).not.toContain("packets vanish");
    }
    const lane = frameOf(lossy, { columns: 140, rows: 30 })
      .split("\n")
      .find((text) => text.startsWith(" out "));
    expect(lane).toMatch(/≈━+≈/);
  });

  it("sees packets end in one place alone where the distro refuses them", () => {
    const { chain } = recorded("route-blackhole.user.ndjson.gz").diagnosis;
    const broken = chain.filter(({ outbound }) => outbound === "broken").map(({ kind }) => kind);
    expect(broken).toEqual(["linux-stack"]);
  });
});

describe("a picture of the chain", () => {
  const picture = (snapshot: Snapshot) => frameOf(snapshot, { columns: 140, rows: 30 });

  it("shows where a direction stops, under the place, with the size", () => {
    const lines = picture(samples.blackhole).split("\n");
    const inbound = lines.find((text) => text.startsWith(" in ")) ?? "";
    const names = lines.find((text) => text.includes("MSFTVPN")) ?? "";
    const mark = lines.find((text) => text.includes("▲ in:")) ?? "";
    expect(inbound).toContain("✗>1400");
    expect(inbound.indexOf("✗")).toBe(names.indexOf("MSFTVPN"));
    expect(mark.indexOf("▲")).toBe(inbound.indexOf("✗"));
  });

  it("does not claim a place where only a range is known", () => {
    const inbound = picture(samples.bracketed)
      .split("\n")
      .find((text) => text.startsWith(" in "));
    expect(inbound).toContain("✗?");
    expect(inbound).not.toMatch(/✗[^?]/);
  });

  it("says nothing of a machine that is still being read", () => {
    const frame = frameOf(samples.empty, { columns: 140, rows: 30 });
    expect(frame).toContain("reading this machine");
    for (const claim of ["answered", "unknown", "not resolved"]) expect(frame).not.toContain(claim);
  });
});
