// Continuous mode in HTML: what changed, and the rounds of each hop.

import type { Report } from "../../schema/report.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { type WatchedTable, watchedTables } from "../faces/watched.ts";
import { html, type Markup } from "./markup.ts";
import { scrollingTable } from "./table.ts";

export function watchedSection(report: Report, texts: FaceTexts): Markup | null {
  const watched = watchedTables(report, texts);
  if (watched === null) return null;
  const { summary, changes, hops } = watched;
  const { labels, headings } = texts;
  return html`<p>${summary}</p>${table(changes, `${headings.watched}: ${labels.change}`)}${table(hops, `${headings.watched}: ${headings.hops}`)}`;
}

function table({ head, rows }: WatchedTable, name: string): Markup | null {
  if (rows.length === 0) return null;
  const cells = (row: readonly string[]) => row.map((text) => html`<td>${text}</td>`);
  return scrollingTable(
    name,
    head,
    rows.map((row) => html`<tr>${cells(row)}</tr>`),
  );
}
