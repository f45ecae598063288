// Reads a recording and checks every line of it.

import * as z from "zod";
import { TraceError } from "../errors.ts";
import { type ProbeEvent, probeEvent } from "./event.ts";
import { RECORDING_SCHEMA } from "./recording-lines.ts";

const header = z.object({ schema: z.literal(RECORDING_SCHEMA), warning: z.string() });

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
  // What was watched afterwards stands behind the end.
  const last = events.findLast(({ kind }) => kind !== "watched");
  if (events.at(0)?.kind !== "run-started" || last?.kind !== "run-ended") {
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
