// A recording: one JSON object a line, a header first; raw, so that a replay is the run itself.

import * as z from "zod";
import { TraceError } from "../errors.ts";
import { type ProbeEvent, probeEvent } from "./event.ts";

const RECORDING_SCHEMA = "wsl-trace.recording/1";

const header = z.object({ schema: z.literal(RECORDING_SCHEMA), warning: z.string() });

const WARNING =
  "raw: holds real names and addresses of this machine and its network; read it before you share it";

/** The first line, with its line end. */
export function recordingHeader(): string {
  return `${JSON.stringify({ schema: RECORDING_SCHEMA, warning: WARNING })}\n`;
}

/** One event's line, with its line end. */
export function recordingLine(event: ProbeEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/**
 * The events of a recording.
 * @param name what the messages call it
 * @throws TraceError naming the line that is wrong, and what to do
 */
export function parseRecording(text: string, name: string): readonly ProbeEvent[] {
  const lines = text.split("\n");
  if (text.trim() === "") {
    throw new TraceError("recording-empty", `${name} is empty: record again with --record FILE`);
  }
  const first = parseLine(lines[0] ?? "");
  if (!header.safeParse(first).success) {
    throw new TraceError(
      "recording-schema",
      `${name} is no recording of schema ${RECORDING_SCHEMA}: make one with wsl-trace path TARGET --record FILE`,
    );
  }
  const events = lines
    .slice(1)
    .map((line, n) => ({ line, number: n + 2 }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => readEvent(line, number, name));
  if (events.at(0)?.kind !== "run-started" || events.at(-1)?.kind !== "run-ended") {
    throw new TraceError(
      "recording-incomplete",
      `${name} ends before the run did (${events.length} events and no end): record again with --record FILE`,
    );
  }
  return events;
}

function readEvent(line: string, number: number, name: string): ProbeEvent {
  const parsed = probeEvent.safeParse(parseLine(line));
  if (parsed.success) return parsed.data;
  throw new TraceError(
    "recording-broken",
    `${name} is cut off or damaged in line ${number}: record again with --record FILE`,
    { cause: parsed.error },
  );
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
