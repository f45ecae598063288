// Rows under headings, sorted by one of the columns.

import stringWidth from "string-width";
import { printable } from "../src/report/escape.ts";
import { cut, fitted, type Line, line, type Span, span } from "./lines.ts";

export interface Column<Row> {
  readonly title: string;
  readonly right?: boolean;
  /** Takes what room the others leave. */
  readonly grows?: boolean;
  /** Shown on screens of so many columns and more. */
  readonly from?: number;
  text(row: Row): string;
  /** What it is sorted by, the smallest first. */
  value(row: Row): number | string;
}

interface Table<Row> {
  readonly heading: Line;
  readonly rows: readonly { readonly row: Row; readonly cells: Line }[];
}

const GAP = 2;

/** @param sort a column counted from the left, of those that are shown; it wraps around */
export function table<Row>(
  rows: readonly Row[],
  all: readonly Column<Row>[],
  { columns, sort }: { readonly columns: number; readonly sort: number },
): Table<Row> {
  const shown = all.filter(({ from = 0 }) => columns >= from);
  const by = shown[sort % Math.max(1, shown.length)];
  const sorted =
    by === undefined ? rows : rows.toSorted((a, b) => compare(by.value(a), by.value(b)));
  const texts = sorted.map((row) => shown.map(({ text }) => printable(text(row))));
  const natural = shown.map(({ title }, at) =>
    Math.max(title.length + 1, ...texts.map((cells) => stringWidth(cells[at] ?? ""))),
  );
  const fixed = natural.reduce((sum, width, at) => sum + (shown[at]?.grows ? 0 : width), 0);
  const room = columns - fixed - GAP * shown.length;
  const widths = natural.map((width, at) =>
    shown[at]?.grows ? Math.max(LEAST_GROWING, Math.min(width, room)) : width,
  );
  const cellsOf = (cells: readonly string[], tone: Span["tone"]): Line =>
    cut(
      shown.flatMap(({ right = false }, at): Line => {
        const width = widths[at] ?? 0;
        const text = cells[at] ?? "";
        const lead = right ? " ".repeat(Math.max(0, width - stringWidth(text))) : "";
        return [span(" ".repeat(GAP)), ...fitted(line(lead + text, tone), width)];
      }),
      columns,
    );
  return {
    heading: cellsOf(
      shown.map((column) => (column === by ? `${column.title}▾` : column.title)),
      "strong",
    ),
    rows: sorted.map((row, at) => ({ row, cells: cellsOf(texts[at] ?? [], "plain") })),
  };
}

const LEAST_GROWING = 12;

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return `${a}`.localeCompare(`${b}`, "en", { numeric: true });
}
