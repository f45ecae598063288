// What the processes below another one take: processor time and memory, as /proc has them.

import { readdir, readFile } from "node:fs/promises";

export interface Usage {
  /** User and system together, in seconds. */
  readonly cpuS: number;
  readonly residentBytes: number;
}

/** USER_HZ and the page of Linux on x64 and arm64 (proc(5)). */
const TICKS_PER_S = 100;
const PAGE_BYTES = 4096;

interface Process {
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

/** Of all processes that the one with this id started, and theirs; its own counts for nothing. */
export async function usageBelow(pid: number): Promise<Usage> {
  const all = new Map<number, Process>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) ? await readStat(name) : null;
    if (stat !== null) all.set(Number(name), stat);
  }
  const isBelow = (one: Process | undefined): boolean =>
    one !== undefined && (one.parent === pid || isBelow(all.get(one.parent)));
  const below = [...all.values()].filter(isBelow);
  const sum = (of: (one: Process) => number) => below.reduce((total, one) => total + of(one), 0);
  return {
    cpuS: sum(({ ticks }) => ticks) / TICKS_PER_S,
    residentBytes: sum(({ pages }) => pages) * PAGE_BYTES,
  };
}

/** Null: it has ended meanwhile. */
async function readStat(pid: string): Promise<Process | null> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (text === null) return null;
  // Behind the name, which may hold anything: the fields from the state on, the third of proc(5).
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  return { parent: field(4), ticks: field(14) + field(15), pages: field(24) };
}
