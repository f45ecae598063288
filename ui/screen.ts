// What is on the screen, as lines: a header, the view, and a line of keys; never a row more than there is room for.

import type { Snapshot } from "../src/model/snapshot.ts";
import type { Report } from "../src/schema/report.ts";
import { footerLine } from "./footer.ts";
import { headerLines } from "./header.ts";
import { helpLines } from "./help-lines.ts";
import { hidden } from "./hidden.ts";
import { cut, type Line, lit } from "./lines.ts";
import type { ScreenState } from "./screen-state.ts";
import { isRow, type Laid, lineOf, type ViewLines } from "./view.ts";
import { eventDetails } from "./view-events.ts";
import { fixQuestion } from "./view-fix.ts";
import { viewOf } from "./views.ts";
import { type Window, windowOf } from "./window.ts";
import { workLines } from "./work.ts";

export interface ScreenInput {
  readonly snapshot: Snapshot;
  /** Of all targets; absent: there is one. */
  readonly targets?: readonly Snapshot[];
  /** The finished run's; null before. */
  readonly report: Report | null;
  /** Since the run began. */
  readonly nowMs: number;
  readonly columns: number;
  readonly rows: number;
  /** Whether somebody can press any. */
  readonly keys: boolean;
}

export function layOut(input: ScreenInput, state: ScreenState): Laid {
  const { snapshot, nowMs, columns, rows } = input;
  const header = [
    ...headerLines(snapshot, nowMs, columns),
    ...workLines(snapshot, { nowMs, rows }),
  ];
  // The last row of the terminal stays free, and the keys have one.
  const room = Math.max(1, rows - 1 - header.length - 1);
  const view = bodyOf(input, state, room);
  const heading = view.heading.slice(0, room - 1);
  const page = room - heading.length;
  const selected = selectedOf(view.body, state.selected);
  const wanted = { offset: state.offset, fromEnd: view.fromEnd === true };
  const window = keptInSight(
    windowOf(view.body.length, page, wanted),
    selected,
    page,
    view.body.length,
  );
  const body = view.body
    .slice(window.start, window.start + page)
    .map((one, index) =>
      window.start + index === selected ? lit(lineOf(one), columns) : lineOf(one),
    );
  const blank: Line[] = Array.from({ length: page - body.length }, () => []);
  const { targets = [snapshot] } = input;
  const several = targets.length > 1;
  const fix = snapshot.finished && (snapshot.diagnosis.findings[0]?.fixes.length ?? 0) > 0;
  const footer = input.keys ? footerLine(state, window, { columns, several, fix }) : [];
  const all = [...header, ...heading, ...body, ...blank, footer];
  const covered = (lines: readonly Line[]) => targets.reduce(hidden, lines);
  const shown = state.privacy ? covered(all) : all;
  return { lines: shown.map((one) => cut(one, columns)), body: view.body, window, page, selected };
}

function bodyOf(input: ScreenInput, state: ScreenState, rows: number): ViewLines {
  if (state.asked !== null) return { heading: [], body: fixQuestion(state.asked, input.columns) };
  if (state.help) return { heading: [], body: helpLines(input.columns) };
  if (state.open !== null) {
    return { heading: [], body: eventDetails(input.snapshot.events, state.open) };
  }
  const { details, sort, filter } = state;
  const { targets = [input.snapshot] } = input;
  return viewOf(state.view).draw({ ...input, targets, rows, details, sort, filter });
}

/** Only rows are selected: the nearest one to where the selection was. */
function selectedOf(body: ViewLines["body"], wanted: number | null): number | null {
  if (wanted === null) return null;
  const within = Math.min(wanted, body.length - 1);
  return isRow(body[within]) ? within : null;
}

function keptInSight(window: Window, selected: number | null, page: number, lines: number): Window {
  if (selected === null) return window;
  if (selected < window.start) return windowOf(lines, page, { offset: selected, fromEnd: false });
  if (selected < window.start + page) return window;
  return windowOf(lines, page, { offset: selected - page + 1, fromEnd: false });
}
