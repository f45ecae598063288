// What `run` prints at its end: a line for each connection, the cause and its fix, and one verdict.

import type { Report } from "../schema/report.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { firstFixLines, formatCause } from "./text-findings.ts";
import { hanging } from "./text-layout.ts";
import { programLines } from "./text-program.ts";

/** The end of a run, ready for a terminal. */
export function programSummary(report: Report): string {
  const { program, findings, verdict, reason } = report;
  const doing = program?.doing ?? null;
  const fix = verdict === "fault" || verdict === "degraded" ? firstFixLines(findings) : [];
  const lines = [
    "",
    "wsl-trace:",
    ...programLines(report),
    ...(doing === null ? [] : hanging("doing: ", doing)),
    ...(verdict === "healthy" ? [] : formatCause(findings)),
    ...(fix.length === 0 ? [] : ["fix:", ...fix]),
    ...hanging("verdict: ", `${verdict}. ${reason}`),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

interface Hang {
  readonly program: string;
  readonly address: string;
  readonly port: number;
  /** What is traced for it: the address, or what the program calls it. */
  readonly host: string;
  readonly silentMs: number;
}

/** Told when the look for the cause begins. */
export function hangLine({ program, address, port, host, silentMs }: Hang): string {
  const place = host === address ? `${host} port ${port}` : `${host} (${address})`;
  const words = `${program} has heard nothing from ${place} for ${duration(silentMs)}: looking for the cause`;
  return `wsl-trace: ${printable(words)}`;
}
