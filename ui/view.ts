// What a view is: lines made of a snapshot, and what keys do with them. The table of views is `views.ts`.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { Report } from "../src/schema/report.ts";
import { type Line, textOf } from "./lines.ts";
import type { Window } from "./window.ts";

export interface ViewInput {
  readonly snapshot: Snapshot;
  /** Of all targets, in the order in which they were typed. */
  readonly targets: readonly Snapshot[];
  /** Since the run began. */
  readonly nowMs: number;
  readonly columns: number;
  /** Rows that the view has. */
  readonly rows: number;
  /** The finished run's; null before. */
  readonly report: Report | null;
  /** Evidence, what was ruled out and every fix. */
  readonly details: boolean;
  /** Which of a table's columns it is sorted by, from the left; it wraps around. */
  readonly sort: number;
  /** Only what holds this text, in a view that filters. */
  readonly filter: string;
}

/** A row that can be selected, and the events behind it. */
export interface ViewRow {
  readonly id: string;
  readonly line: Line;
  readonly evidence: readonly string[];
  /** Which target it stands for; absent: none. */
  readonly target?: number;
}

export interface ViewLines {
  /** Stay on the screen above what scrolls. */
  readonly heading: readonly Line[];
  readonly body: readonly (Line | ViewRow)[];
  /** Whether the lower end is what is shown first. */
  readonly fromEnd?: boolean;
}

export function isRow(line: Line | ViewRow | undefined): line is ViewRow {
  return line !== undefined && "id" in line;
}

export function lineOf(line: Line | ViewRow): Line {
  return isRow(line) ? line.line : line;
}

/** Whether a line holds what is searched for. */
export function isFound(one: Line | ViewRow, search: string): boolean {
  return textOf(lineOf(one)).toLowerCase().includes(search.toLowerCase());
}

/** A screen, and what keys need to know of it. */
export interface Laid {
  readonly lines: readonly Line[];
  /** What scrolls, whole. */
  readonly body: readonly (Line | ViewRow)[];
  readonly window: Window;
  /** Rows that scroll. */
  readonly page: number;
  /** Index of the selected line; null where there are no rows. */
  readonly selected: number | null;
}
