// Many runs as text: how many, which verdicts and causes, by day, and what could not be read.

import type { Verdict } from "../schema/verdict.ts";
import { printable } from "./escape.ts";
import type { RunSummary } from "./run-tally.ts";
import { hanging } from "./text-layout.ts";

/** What could not be read, in whichever file. */
export interface Unread {
  readonly count: number;
  /** The first of them. */
  readonly named: readonly {
    readonly file: string;
    readonly line: number;
    readonly why: string;
  }[];
}

const VERDICTS: readonly Verdict[] = ["fault", "degraded", "inconclusive", "healthy"];
const DAY_LENGTH = "2026-11-30".length;

export function runSummaryText(summary: RunSummary, unread: Unread): string {
  const { runs, from, to } = summary;
  const head =
    from === null || to === null
      ? ["no run was found"]
      : [
          `${counted(runs, "run")}${ofMachines(summary.machines)}, ${dayOf(from)} to ${dayOf(to)}`,
          `  ${verdictWords(summary.verdicts)}`,
        ];
  const days = summary.days.map(({ day, verdicts }) => `  ${day}  ${verdictWords(verdicts)}`);
  const causes = summary.causes.flatMap((one) => {
    const version = one.firstVersion === null ? "" : ` (wsl-trace ${one.firstVersion})`;
    const words = `${one.cause}: ${counted(one.runs, "run")}${ofMachines(one.machines)}, ${dayOf(one.firstAt)}${version} to ${dayOf(one.lastAt)}`;
    return hanging("  X ", words);
  });
  const broken = unread.named.flatMap(({ file, line, why }) =>
    hanging("  ? ", `${file}:${line}: ${why}`),
  );
  const more = unread.count - unread.named.length;
  const lines = [
    ...head,
    ...(causes.length === 0 ? [] : ["causes:", ...causes]),
    ...(days.length === 0 ? [] : ["days (UTC):", ...days]),
    ...(unread.count === 0 ? [] : [`not counted: ${unread.count}`, ...broken]),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function ofMachines(machines: number | null): string {
  return machines === null ? "" : ` of ${counted(machines, "machine")}`;
}

function dayOf(at: string): string {
  return at.slice(0, DAY_LENGTH);
}

function verdictWords(verdicts: RunSummary["verdicts"]): string {
  const met = VERDICTS.filter((one) => verdicts[one] > 0);
  return met.map((one) => `${verdicts[one]} ${one}`).join(", ");
}
