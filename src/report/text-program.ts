// A followed program as text: one line for each of its connections, and what could not be seen.

import type { ProbeEvent } from "../schema/event.ts";
import type { ProgramConnection } from "../schema/events/program.ts";
import type { Report } from "../schema/report.ts";
import { duration } from "./duration.ts";
import { hanging } from "./text-layout.ts";
import { doingOf, placeOfConnection } from "./words/program.ts";

/** Those that failed or hang are shown first; the rest is counted. */
const MOST_SHOWN = 20;

export function programLines({ program, events }: Pick<Report, "program" | "events">): string[] {
  if (program === undefined) return [];
  const seen = events.filter(isConnection);
  const shown = seen.slice(0, MOST_SHOWN);
  const more = program.connections - shown.length;
  return [
    ...hanging("  ", `${program.name} ${ending(program)}`),
    ...shown.flatMap(connectionLines),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...program.notSeen.flatMap((words) => hanging("  ? ", words)),
  ];
}

function isConnection(event: ProbeEvent): event is ProbeEvent & ProgramConnection {
  return event.kind === "program-connection";
}

function ending({ exitCode, signal, durationMs }: NonNullable<Report["program"]>): string {
  const after = duration(durationMs);
  if (signal !== null) return `was ended by ${signal} after ${after}`;
  return exitCode === null ? `was watched for ${after}` : `ended with ${exitCode} after ${after}`;
}

function connectionLines(one: ProgramConnection): string[] {
  const isBad = one.diagnosed || one.failed;
  return hanging(
    `  ${isBad ? "X" : "+"} `,
    `${one.program} ${one.accepted === true ? "<-" : "->"} ${placeOfConnection(one)}: ${doingOf(one)}`,
  );
}
