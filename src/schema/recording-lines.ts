// A recording: one JSON object a line, a header first; raw, so that a replay is the run itself.

import type { ProbeEvent } from "./event.ts";

export const RECORDING_SCHEMA = "wsl-trace.recording/1";

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
