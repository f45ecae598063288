// What is left of the machine in a recording that is kept: nothing, and what is told apart stays apart.

import { expect, it } from "vitest";
import type { EventBody } from "../../src/schema/event.ts";
import { numbered } from "../builders/events.ts";
import { LIVE_ROWS } from "../matrix/rows.ts";
import { readRecordings, readRecordingText } from "./files.ts";
import { fixed } from "./fixed.ts";

const MACHINE = { release: "6.18.44-fc-v782", hostname: "vm" };
const TARGET = { input: "h", host: "h", port: 443, scheme: "https", path: "/" } as const;
const OPTIONS = {
  family: null,
  timeoutMs: null,
  maxHops: 30,
  flows: 1,
  hopNames: true,
  engine: "koffi",
  hostSnapshot: "none",
} as const;

function textOf(body: EventBody): string {
  const startedAt = "2027-03-04T05:06:07.890Z";
  const started: EventBody = {
    kind: "run-started",
    version: "0",
    startedAt,
    target: TARGET,
    options: OPTIONS,
  };
  const ended: EventBody = { kind: "run-ended", durationMs: 1, interrupted: null };
  return JSON.stringify(fixed(numbered([started, body, ended]), MACHINE));
}

const note = (reason: string): EventBody => ({ kind: "unreadable", what: "a test", reason });

it("every date moves by as much as the start does", () => {
  const dates =
    "2027-03-04T05:06:08.000Z, Thu, 04 Mar 2027 05:06:09 GMT, Mar  4 05:06:10 2027 GMT, Apr 14 05:06:07 2027 GMT";
  expect(textOf(note(dates))).toContain(
    "2026-01-01T00:00:00.110Z, Thu, 01 Jan 2026 00:00:01 GMT, Jan  1 00:00:02 2026 GMT, Feb 10 23:59:59 2026 GMT",
  );
});

it("a drawn MAC address and what follows from it get the same number in every notation", () => {
  const text = "8e:4e:a2:53:26:98 8E-4E-A2-53-26-98 fe80::8c4e:a2ff:fe53:2698 c2:41:bc:1c:70:9f";
  expect(textOf(note(text))).toContain(
    "02:00:00:00:00:01 02-00-00-00-00-01 fe80::ff:fe00:1 02:00:00:00:00:02",
  );
});

it("a chosen MAC address, a fingerprint and another interface's address stay", () => {
  const text = "00:15:5d:01:02:03 8E:4E:A2:53:26:98:AA:BB fe80::1 fe80::d230:aa29:b4c0:1cb3";
  expect(textOf(note(text))).toContain(text);
});

it("no live recording names a kernel release but the fixed one", () => {
  const live = new Set(LIVE_ROWS.map(({ scenario }) => scenario.name));
  const named = readRecordings()
    .filter(({ name }) => live.has(name.replace(/\.(root|user)$/, "")))
    .flatMap(({ files }) => files)
    .filter((file) => /"kernel":"(?!6\.18\.0")/.test(readRecordingText(file)));
  expect(named).toEqual([]);
});
