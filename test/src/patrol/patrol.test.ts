// A day of watching, with a clock that a test owns: a VPN that comes and goes, and a laptop that sleeps.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, afterEach, expect, it } from "vitest";
import { openRing } from "../../../probes/watch/recording-ring.ts";
import { type JournalLine, readJournal } from "../../../src/patrol/journal.ts";
import { patrol } from "../../../src/patrol/patrol.ts";
import { summaryOf } from "../../../src/patrol/summary.ts";
import { watchSummaryText } from "../../../src/report/text-watch-summary.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.parse("2026-03-02T00:00:00Z");
const folder = mkdtempSync(join(tmpdir(), "wsl-trace-ring-"));
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The VPN is there from 9 to 12 and from 14 to 17; the laptop sleeps from 12:30 to 13:30. */
const isVpn = (hour: number) => (hour >= 9 && hour < 12) || (hour >= 14 && hour < 17);

it("a simulated day has each change, each fault with what came before it, and files that do not grow", async () => {
  let ms = 0;
  const clock = {
    now: () => ms,
    date: () => new Date(START + ms),
    sleep: (forMs: number) => {
      const isNap = ms < 12.5 * HOUR_MS && ms + forMs >= 12.5 * HOUR_MS;
      ms = isNap ? 13.5 * HOUR_MS : ms + forMs;
      return Promise.resolve();
    },
  };
  const ring = openRing(folder, 20_000);
  let checks = 0;
  let diagnoses = 0;
  const hour = () => ms / HOUR_MS;
  await patrol({
    clock,
    targets: [{ input: "git.example.test", target: "git" }],
    everyMs: 30_000,
    forMs: DAY_MS,
    signal: new AbortController().signal,
    readState: () => {
      const value = isVpn(hour()) ? "up, mtu 1400" : "down, mtu 1400";
      return Promise.resolve({ link: [{ what: "link", subject: "tun0", value }] });
    },
    check: () => {
      checks += 1;
      return Promise.resolve({ isUp: !isVpn(hour()), isWhole: true });
    },
    diagnose: () => {
      diagnoses += 1;
      const recording = ring.keep(String(diagnoses).padStart(4, "0"), "x".repeat(6000));
      return Promise.resolve(
        isVpn(hour())
          ? { verdict: "fault", cause: "vpn-mtu-inbound-blackhole", reason: "lost", recording }
          : { verdict: "healthy", cause: null, reason: "well", recording },
      );
    },
    write: (line) => ring.note(JSON.stringify(line)),
  });
  const summary = summaryOf(readJournal(ring.journal()));
  expect(summary.incidents).toMatchObject([
    {
      from: "2026-03-02T09:00:00.000Z",
      until: "2026-03-02T12:00:00.000Z",
      durationMs: 3 * HOUR_MS,
      causes: ["vpn-mtu-inbound-blackhole"],
      before: ["link tun0: down, mtu 1400 -> up, mtu 1400"],
    },
    { from: "2026-03-02T14:00:00.000Z", durationMs: 3 * HOUR_MS },
  ]);
  expect(readJournal(ring.journal()).filter(({ kind }) => kind === "slept")).toHaveLength(1);
  // Every round is a check; what costs packets is only done when something is new, or stays broken.
  expect(checks).toBeGreaterThan(2700);
  expect(diagnoses).toBeLessThan(50);
  const files = readdirSync(folder).filter((name) => name.startsWith("watch-"));
  const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThanOrEqual(20_000);
  expect(watchSummaryText(summary)).toMatch(/for 3 h 0 min:\s+vpn-mtu-inbound-blackhole/);
});

it("a check that sees no large packets is made good by a diagnosis now and then, and what broke is asked about sooner", async () => {
  let ms = 0;
  const clock = {
    now: () => ms,
    date: () => new Date(START + ms),
    sleep: (forMs: number) => {
      ms += forMs;
      return Promise.resolve();
    },
  };
  const lines: JournalLine[] = [];
  const diagnosedAt: number[] = [];
  const isLost = () => ms >= 2.5 * HOUR_MS && ms < 4.2 * HOUR_MS;
  await patrol({
    clock,
    targets: [{ input: "ssh://git.example.test", target: "git" }],
    everyMs: 30_000,
    forMs: 8 * HOUR_MS,
    signal: new AbortController().signal,
    readState: () => Promise.resolve(null),
    check: () => Promise.resolve({ isUp: true, isWhole: false }),
    diagnose: () => {
      diagnosedAt.push(ms);
      const well = { verdict: "healthy", cause: null, reason: "well", recording: null } as const;
      return Promise.resolve(
        isLost() ? { ...well, verdict: "fault" as const, cause: "pmtu-inbound-blackhole" } : well,
      );
    },
    write: (line) => lines.push(line),
  });
  const [incident, ...others] = summaryOf(lines).incidents;
  expect(others).toEqual([]);
  expect(incident?.causes).toEqual(["pmtu-inbound-blackhole"]);
  // An hour at most until it is noticed, ten minutes until it is seen to be well.
  expect(Date.parse(incident?.from ?? "") - START).toBeLessThanOrEqual(3.6 * HOUR_MS);
  expect(Date.parse(incident?.until ?? "") - START).toBeLessThanOrEqual(4.4 * HOUR_MS);
  expect(diagnosedAt.length).toBeLessThan(24);
});

it("days of a network that changes with every round keeps memory and files flat", async () => {
  let ms = 0;
  const clock = {
    now: () => ms,
    date: () => new Date(START + ms),
    sleep: (forMs: number) => {
      ms += forMs;
      return Promise.resolve();
    },
  };
  const ring = openRing(folder, 20_000);
  const heap: number[] = [];
  let rounds = 0;
  let kept = 0;
  await patrol({
    clock,
    targets: [{ input: "git.example.test", target: "git" }],
    everyMs: 60_000,
    forMs: 6 * DAY_MS,
    signal: new AbortController().signal,
    readState: () => {
      rounds += 1;
      if (rounds % 2880 === 0) heap.push(heapBytes());
      const subject = `tun${rounds}`;
      return Promise.resolve({ link: [{ what: "link", subject, value: "up" }] });
    },
    check: () => Promise.resolve({ isUp: rounds % 2 === 0, isWhole: true }),
    diagnose: () => {
      const isBroken = rounds % 2 === 1;
      // A new file each time would take the test a minute: the ring is what it is after some hundred.
      const name = String(kept % 200).padStart(4, "0");
      kept += 1;
      const recording = kept % 100 === 0 ? ring.keep(name, "x".repeat(6000)) : null;
      const verdict = isBroken ? ("fault" as const) : ("healthy" as const);
      return Promise.resolve({ verdict, cause: null, reason: "changing", recording });
    },
    write: (line) => ring.note(JSON.stringify(line)),
  });
  const [first = 0, ...later] = heap;
  expect(later.length).toBeGreaterThan(0);
  for (const bytes of later) expect(bytes - first).toBeLessThan(1_000_000);
  const names = readdirSync(folder);
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(2_100_000);
  expect(readJournal(ring.journal()).length).toBeGreaterThan(1000);
});

/** After what nobody holds any more is gone. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

it("a journal whose last line was cut off is read without it, and an incident that lasts has no end", () => {
  const line = {
    kind: "verdict",
    at: "2026-03-02T09:00:00.000Z",
    target: "a",
    verdict: "fault",
    cause: "port-refused",
    reason: "refused",
    recording: null,
  };
  const lines = readJournal(`${JSON.stringify(line)}\n{"kind":"verd`);
  expect(lines).toHaveLength(1);
  expect(summaryOf(lines).incidents).toMatchObject([{ until: null, durationMs: null }]);
});
