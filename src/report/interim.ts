// What a pipe is told while a run still waits whether its hang recovers: the verdict so far, its place, and what to type.

import type { Snapshot } from "../model/snapshot.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { firstFixLines, formatCause } from "./text-findings.ts";
import { hanging } from "./text-layout.ts";

/** Ends with an empty line; the whole report follows it. */
export function interimText({ diagnosis, awaitedUntilMs, elapsedMs, address }: Snapshot): string {
  const { verdict, reason, findings } = diagnosis;
  const until = awaitedUntilMs === null ? "the end" : duration(awaitedUntilMs);
  const what = address === null ? "a name server answers" : "the hang recovers by itself";
  const lines = [
    ...hanging(`so far (${duration(elapsedMs)}): `, `${verdict}. ${reason}`),
    ...formatCause(findings),
    ...firstFixLines(findings),
    ...hanging("waiting: ", `until ${until} of the run, whether ${what}`),
    "",
  ];
  return `${lines.map(printable).join("\n")}\n`;
}
