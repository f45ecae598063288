// Get-WinEvent: when Windows last came out of sleep or hibernation.

import { type Fields, field, textOf } from "../values.ts";

/** An event of Power-Troubleshooter (1) or Kernel-Power (107). */
export interface ResumeRow {
  /** Of Windows' clock, in milliseconds since 1970. */
  readonly atMs: number;
}

export function resumeRow(fields: Fields): ResumeRow | string {
  const atMs = Date.parse(textOf(field(fields, "TimeCreated")) ?? "");
  return Number.isFinite(atMs) ? { atMs } : "it has no time";
}
