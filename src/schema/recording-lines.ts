// JSON in which nothing drives a terminal, and the lines of a recording: a header first, then an event each; raw, so that a replay is the run itself.

import type { ProbeEvent } from "./event.ts";

export const RECORDING_SCHEMA = "wsl-trace.recording/1";

const WARNING =
  "raw: holds real names and addresses of this machine and its network; read it before you share it";

const REDACTED =
  "redacted: names and addresses stand for others; the verdict is that of the run itself";

/** The first line, with its line end. @param redacted whether others stand for the names and addresses in it */
export function recordingHeader(redacted = false): string {
  const warning = redacted ? REDACTED : WARNING;
  return `${JSON.stringify({ schema: RECORDING_SCHEMA, warning })}\n`;
}

/** One event's line, with its line end. */
export function recordingLine(event: ProbeEvent): string {
  return `${escapedJson(event)}\n`;
}

/** DEL and C1 controls, marks and overrides of direction (UAX #9), separators of lines, the byte order mark. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
const HEX_DIGITS = 4;
const INDENT = 2;

/** On one line, with those characters as \uXXXX; it is read back as the same value. */
export function escapedJson(value: object): string {
  return escaped(JSON.stringify(value));
}

/** The same in two-space JSON with a newline at its end. */
export function indentedJson(value: object): string {
  return `${escaped(JSON.stringify(value, null, INDENT))}\n`;
}

function escaped(json: string): string {
  return json.replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(HEX_DIGITS, "0")}`,
  );
}
