// What changed while the run is watched: each change with its time, the newest at the end.

import type { Snapshot } from "../src/model/snapshot.ts";
import { formatChange } from "../src/report/text-watch.ts";
import type { WatchedChange } from "../src/schema/events/watch.ts";
import { type Line, line, wrapped } from "./lines.ts";
import type { Tone } from "./status.ts";
import type { ViewInput, ViewLines } from "./view.ts";

export function changesView({ snapshot, columns }: ViewInput): ViewLines {
  const { watch } = snapshot;
  if (watch === undefined) return { heading: [line(NOT_WATCHED, "dim")], body: [] };
  const { changes, changesLeftOut } = watch.history;
  if (changes.length === 0) return { heading: [line(NO_CHANGE, "dim")], body: [] };
  const left = changesLeftOut === 0 ? [] : [line(` ${changesLeftOut} older ones not kept`, "dim")];
  return {
    heading: left,
    body: changes.flatMap((change) => changeLines(change, columns)),
    fromEnd: true,
  };
}

const NOT_WATCHED = " changes are looked for after the verdict";
const NO_CHANGE = " nothing has changed since the verdict";

/** Where a change has not been looked at yet: under the chain, so many of the newest, one line each. */
export function newestChanges({ watch }: Snapshot, most: number): readonly Line[] {
  const changes = watch?.history.changes ?? [];
  return changes.slice(-most).map((change) => line(` ${textOf(change)}`, toneOf(change)));
}

function changeLines(change: WatchedChange, columns: number): readonly Line[] {
  return wrapped(textOf(change), toneOf(change), { columns, first: " ", rest: REST });
}

const REST = " ".repeat(" 00:00:00 ".length);

function textOf(change: WatchedChange): string {
  return `${timeOf(change.at)} ${formatChange(change)}`;
}

function toneOf({ what }: WatchedChange): Tone {
  if (what === "verdict") return "strong";
  return what === "settings" ? "dim" : "warn";
}

const SECONDS = "00:00:00".length;

/** On the user's own clock. */
function timeOf(at: string): string {
  return new Date(at).toTimeString().slice(0, SECONDS);
}
