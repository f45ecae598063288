// What a run that is a part of the diagnosis is doing: what is asked, since when, and what came last.

import type { Snapshot, Work } from "../src/model/snapshot.ts";
import type { RunCommand } from "../src/schema/events/run.ts";
import { fitted, type Line, line, span } from "./lines.ts";
import { duration, STAGE_LOOKS } from "./status.ts";
import { eventLine } from "./view-events.ts";

/** The command of a run; a recording of an old version names none. */
export function commandOf({ path }: Snapshot): RunCommand {
  return path.run?.command ?? "path";
}

/** Of the rows of a screen; the rest is for what came of it. */
const SHARE = 0.5;
const WHAT_WIDTH = 40;

/** Nothing in a run of the whole path, whose stages say it, and when it is over. */
export function workLines(
  snapshot: Snapshot,
  { nowMs, rows }: { readonly nowMs: number; readonly rows: number },
): readonly Line[] {
  const { work = [], finished, events } = snapshot;
  if (finished || work.length === 0 || commandOf(snapshot) === "path") return [];
  const room = Math.max(1, Math.floor(rows * SHARE) - 2);
  // What goes on is never left out.
  const open = work.filter(({ untilMs }) => untilMs === null).slice(-room);
  const over = work.filter(({ untilMs }) => untilMs !== null);
  const shown = over.slice(Math.max(0, over.length - (room - open.length)));
  const last = events.at(-1);
  return [
    ...[...shown, ...open].map((one) => workLine(one, nowMs)),
    ...(last === undefined ? [] : [[span(" last came", "dim"), ...eventLine(last)]]),
    [],
  ];
}

function workLine({ what, sinceMs, untilMs }: Work, nowMs: number): Line {
  const { sign, tone } = STAGE_LOOKS[untilMs === null ? "waiting" : "ok"];
  const took = duration(Math.max(0, (untilMs ?? nowMs) - sinceMs));
  const time = untilMs === null ? `for ${took}, since ${duration(sinceMs)}` : `${took}`;
  return [span(` ${sign} `, tone), ...fitted(line(what), WHAT_WIDTH), span(` ${time}`, "dim")];
}
