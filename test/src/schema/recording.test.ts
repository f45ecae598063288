// Recordings: what is written is read back, and damage is reported as such.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TraceError } from "../../../src/errors.ts";
import type { ProbeEvent } from "../../../src/schema/event.ts";
import { parseRecording } from "../../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../../src/schema/recording-lines.ts";
import { numbered, runEnded, runStarted } from "../../builders/events.ts";
import { vpnBlackhole } from "../../builders/runs.ts";
import { connected } from "../../builders/tcp.ts";

const write = (events: readonly ProbeEvent[]) =>
  `${recordingHeader()}${events.map(recordingLine).join("")}`;

const events = numbered(vpnBlackhole());
const short = write(numbered([runStarted(), runEnded()]));

/** The events, or the code of the TraceError; any other exception goes through. */
function read(text: string): readonly ProbeEvent[] | string {
  try {
    return parseRecording(text, "run.ndjson");
  } catch (error) {
    if (error instanceof TraceError) return error.code;
    throw error;
  }
}

test("a recording gives back the events that were written", () => {
  expect(read(write(events))).toEqual(events);
});

test("a recording without its last line end is whole", () => {
  expect(read(write(events).trimEnd())).toEqual(events);
});

test("a recording that an editor of Windows gave CRLF is whole", () => {
  expect(read(write(events).replaceAll("\n", "\r\n"))).toEqual(events);
});

test("any text survives in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.double(), (text, number) => {
      const what = { kind: "unreadable", what: text, reason: text } as const;
      const snapshot = { [text]: Number.isFinite(number) ? number : 0, nested: [text, null] };
      const host = { kind: "host-snapshot", origin: "file", snapshot, reason: null } as const;
      const written = numbered([runStarted({ input: text }), what, host, runEnded()]);
      expect(read(write(written))).toEqual(JSON.parse(JSON.stringify(written)));
    }),
  );
});

test("a run that was watched after its end is whole, and without its end is not", () => {
  const startedAt = "2026-11-30T08:00:00.000Z";
  const counts = { durationMs: 1, rounds: 1, packetsSent: 1, changesLeftOut: 0 };
  const watched = { kind: "watched", startedAt, ...counts, changes: [], hops: [] } as const;
  const whole = numbered([runStarted(), runEnded(), watched]);
  expect(read(write(whole))).toEqual(whole);
  expect(read(write(numbered([runStarted(), watched])))).toBe("recording-incomplete");
});

describe("a recording that is cut", () => {
  test("at any byte is read whole or reported as broken, and nothing else", () => {
    const what = { kind: "unreadable", what: "naïve 🛰", reason: "{}\n" } as const;
    const written = numbered([runStarted(), what, ...connected("t1"), runEnded()]);
    const bytes = Buffer.from(write(written));
    for (let length = 0; length < bytes.length - 1; length += 1) {
      expect(read(bytes.subarray(0, length).toString())).toMatch(/^recording-/);
    }
    expect(read(bytes.subarray(0, -1).toString())).toEqual(written);
  });

  test("at a line's end reports that the run's end is missing", () => {
    const lines = write(events).split("\n").slice(0, 5);
    expect(() => parseRecording(`${lines.join("\n")}\n`, "run.ndjson")).toThrow(
      "run.ndjson ends before the run did (4 events and no end)",
    );
  });

  test("inside a line names the line", () => {
    const lines = short.trimEnd().split("\n");
    const cut = [lines[0], lines[1], lines[2]?.slice(0, 9)].join("\n");
    expect(() => parseRecording(cut, "run.ndjson")).toThrow("damaged in line 3");
  });
});

describe("something else than a recording", () => {
  test.each([
    { what: "an empty file", text: "", code: "recording-empty" },
    { what: "blank lines", text: "\n \n", code: "recording-empty" },
    { what: "no JSON", text: "hello\n", code: "recording-schema" },
    { what: "a report", text: '{"schema":"wsl-trace.report/1"}\n', code: "recording-schema" },
    {
      what: "another version",
      text: short.replace("recording/1", "recording/2"),
      code: "recording-schema",
    },
    { what: "JSON null", text: "null\n", code: "recording-schema" },
    { what: "an event that is null", text: `${recordingHeader()}null\n`, code: "recording-broken" },
    { what: "a header alone", text: recordingHeader(), code: "recording-incomplete" },
    {
      what: "an unknown kind",
      text: short.replace("run-ended", "run-over"),
      code: "recording-broken",
    },
    { what: "a port of 0", text: short.replace(":443", ":0"), code: "recording-broken" },
    { what: "a bad id", text: short.replace('"e2"', '"x2"'), code: "recording-broken" },
    { what: "NULs", text: "\0\0\0", code: "recording-schema" },
  ])("$what is refused with a code", ({ text, code }) => {
    expect(read(text)).toBe(code);
  });

  test("is never anything but a TraceError, whatever bytes come", () => {
    const lines = fc.array(fc.oneof(fc.string(), fc.json(), fc.constant(short.trimEnd())));
    fc.assert(
      fc.property(lines, fc.boolean(), (some, headed) => {
        const text = `${headed ? recordingHeader() : ""}${some.join("\n")}`;
        expect(["string", "object"]).toContain(typeof read(text));
      }),
    );
  });

  test("is reported in one sentence with what to do", () => {
    expect(() => parseRecording("hello", "notes.txt")).toThrow(
      /^notes\.txt is no recording .*--record FILE$/,
    );
  });
});

test("the first line warns that the rest is raw", () => {
  expect(recordingHeader()).toMatch(/^\{"schema":"wsl-trace\.recording\/1","warning":"raw/);
  expect(recordingHeader().endsWith("\n")).toBe(true);
});
