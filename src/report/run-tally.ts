// Many runs counted: verdicts, causes and since when, days; what is kept grows with causes and days, not with runs.

import type { Verdict } from "../schema/verdict.ts";

/** What is counted of a run: nothing that says whose it was, but the folder that somebody put it in. */
export interface RunRow {
  /** RFC 3339. */
  readonly at: string;
  /** The folder of one machine's files; null where they lie in none of their own. */
  readonly machine: string | null;
  /** Of wsl-trace; null in a journal, which does not say. */
  readonly version: string | null;
  readonly verdict: Verdict;
  /** Null where no finding is more than a note. */
  readonly cause: string | null;
}

type Verdicts = Readonly<Record<Verdict, number>>;

interface CauseCount {
  readonly cause: string;
  readonly runs: number;
  /** Null where no file says whose it is. */
  readonly machines: number | null;
  readonly firstAt: string;
  readonly lastAt: string;
  /** The version of wsl-trace that named it first; null where none of its runs says. */
  readonly firstVersion: string | null;
}

export interface RunSummary {
  readonly runs: number;
  /** Null where no file says whose it is. */
  readonly machines: number | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly verdicts: Verdicts;
  /** The most frequent first. */
  readonly causes: readonly CauseCount[];
  /** By UTC's days, the first first. */
  readonly days: readonly { readonly day: string; readonly verdicts: Verdicts }[];
}

interface Group {
  runs: number;
  readonly machines: Set<string>;
  firstAt: string;
  lastAt: string;
  firstVersion: string | null;
  versionAt: string;
}

const NONE: Verdicts = { healthy: 0, degraded: 0, fault: 0, inconclusive: 0 };
const DAY_LENGTH = "2026-11-30".length;

export function createRunTally(): { add(row: RunRow): void; result(): RunSummary } {
  const all = createGroup();
  const causes = new Map<string, Group>();
  const days = new Map<string, Record<Verdict, number>>();
  const verdicts = { ...NONE };
  return {
    add: (row) => {
      const day = row.at.slice(0, DAY_LENGTH);
      const ofDay = days.get(day) ?? { ...NONE };
      days.set(day, ofDay);
      ofDay[row.verdict] += 1;
      verdicts[row.verdict] += 1;
      count(all, row);
      if (row.cause === null) return;
      const group = causes.get(row.cause) ?? createGroup();
      causes.set(row.cause, group);
      count(group, row);
    },
    result: () => ({
      runs: all.runs,
      machines: machinesOf(all),
      from: all.runs === 0 ? null : all.firstAt,
      to: all.runs === 0 ? null : all.lastAt,
      verdicts: { ...verdicts },
      causes: [...causes].map(causeCount).sort(byCount),
      days: [...days]
        .map(([day, counted]) => ({ day, verdicts: { ...counted } }))
        .sort((a, b) => a.day.localeCompare(b.day)),
    }),
  };
}

function createGroup(): Group {
  const machines = new Set<string>();
  return { runs: 0, machines, firstAt: "", lastAt: "", firstVersion: null, versionAt: "" };
}

function count(group: Group, { at, machine, version }: RunRow): void {
  if (group.runs === 0 || at < group.firstAt) group.firstAt = at;
  if (group.runs === 0 || at > group.lastAt) group.lastAt = at;
  if (version !== null && (group.firstVersion === null || at < group.versionAt)) {
    group.firstVersion = version;
    group.versionAt = at;
  }
  if (machine !== null) group.machines.add(machine);
  group.runs += 1;
}

function machinesOf({ machines }: Group): number | null {
  return machines.size === 0 ? null : machines.size;
}

function causeCount([cause, group]: readonly [string, Group]): CauseCount {
  const { runs, firstAt, lastAt, firstVersion } = group;
  return { cause, runs, machines: machinesOf(group), firstAt, lastAt, firstVersion };
}

function byCount(a: CauseCount, b: CauseCount): number {
  return b.runs - a.runs || a.cause.localeCompare(b.cause);
}
