// "wsl", "wslconfig" and "clock": what Windows reports about WSL, and its time.

import { type Fields, field, textOf } from "../values.ts";

/** "wsl": the versions that wsl.exe and Windows report. */
export interface WslRow {
  readonly version: string | null;
  readonly kernel: string | null;
  /** "10.0.22631.4317". */
  readonly windows: string | null;
}

/** "clock". */
export interface ClockRow {
  /** ISO 8601. */
  readonly utc: string | null;
}

export function wslRow(fields: Fields): WslRow {
  return {
    version: textOf(field(fields, "version")),
    kernel: textOf(field(fields, "kernel")),
    windows: textOf(field(fields, "windows")),
  };
}

export function clockRow(fields: Fields): ClockRow {
  return { utc: textOf(field(fields, "utc")) };
}
