// The summary of a watch as text.

import type { WatchSummary } from "../patrol/summary.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { hanging } from "./text-layout.ts";

const MS_PER_MINUTE = 60_000;
const MINUTES_PER_HOUR = 60;

export function watchSummaryText({ from, to, changes, incidents }: WatchSummary): string {
  if (from === null || to === null) return "nothing was watched yet\n";
  const count = incidents.length === 0 ? "nothing broke" : countOf(incidents.length, "fault");
  const lines = [
    `${from} to ${to}: ${count}, ${countOf(changes, "change")} of the network`,
    ...incidents.flatMap((one) => [
      "",
      ...hanging(
        "X ",
        `${one.target} ${one.from}, ${lasted(one.durationMs)}: ${one.causes.join(", then ")}`,
      ),
      ...one.before.flatMap((words) => hanging("    before: ", words)),
      ...(one.recording === null ? [] : [`    wsl-trace replay ${one.recording}`]),
    ]),
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function lasted(ms: number | null): string {
  if (ms === null) return "and still is";
  if (ms < MS_PER_MINUTE) return `for ${duration(ms)}`;
  const minutes = Math.round(ms / MS_PER_MINUTE);
  if (minutes < MINUTES_PER_HOUR) return `for ${minutes} min`;
  return `for ${Math.floor(minutes / MINUTES_PER_HOUR)} h ${minutes % MINUTES_PER_HOUR} min`;
}
