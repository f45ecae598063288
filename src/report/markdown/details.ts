// What is folded away in Markdown: tables, what was not checked, and the events behind the trace.

import type { Report } from "../../schema/report.ts";
import { milliseconds } from "../duration.ts";
import { chainColumns } from "../faces/chain-view.ts";
import { watchedTables } from "../faces/watched.ts";
import { markdownBlock, markdownCode, markdownText } from "./escape.ts";
import type { Page } from "./sections.ts";

export function detailSections(page: Page): readonly string[] {
  const { report, texts, room } = page;
  if (!room.details) return [];
  const { headings } = texts;
  return [
    ...folded(headings.stages, stageTable(page)),
    ...folded(headings.chain, chainTable(page)),
    ...folded(headings.sizes, sizeTable(page)),
    ...folded(headings.watched, watchedLines(page)),
    ...folded(headings.notChecked, notChecked(page)),
    ...folded(headings.notObservable, notObservable(page)),
    ...folded(`${headings.events} (${citedEvents(report).length})`, events(page)),
  ];
}

/** GitHub reads Markdown inside where an empty line comes first. */
function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return ["<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function stageTable({ report, texts, room }: Page): readonly string[] {
  const { labels, stageStatuses } = texts;
  return table(
    [labels.stage, labels.status, labels.took, labels.detail],
    report.stages.map(({ stage, status, ms, detail }) => [
      stage,
      stageStatuses[status],
      milliseconds(ms),
      markdownText(detail, room.text),
    ]),
  );
}

function chainTable({ report, texts, room }: Page): readonly string[] {
  const { statuses } = texts;
  return table(
    chainColumns(texts),
    report.chain.map(({ kind, name, address, mtu, ttl, rttMs, outbound, inbound }) => [
      kind,
      markdownText(name, NAME_LENGTH),
      address === name ? "" : markdownText(address ?? "", room.text),
      String(mtu ?? ""),
      String(ttl ?? ""),
      milliseconds(rttMs),
      statuses[outbound],
      statuses[inbound],
    ]),
  );
}

const NAME_LENGTH = 60;

function sizeTable({ report, texts }: Page): readonly string[] {
  const { labels, bytes } = texts;
  return (["outbound", "inbound"] as const).map(
    (way) => `- ${labels[way]}: ${bytes(report.pmtu[way])}`,
  );
}

/** The newest changes are what the verdict rests on. */
function watchedLines({ report, texts, room }: Page): readonly string[] {
  const watched = watchedTables(report, texts);
  if (watched === null) return [];
  const { summary, changes, hops } = watched;
  const cells = (row: readonly string[]) => row.map((text) => markdownText(text, room.text));
  const shown = changes.rows.slice(-room.list);
  const more = changes.rows.length - shown.length;
  return [
    summary,
    ...(shown.length === 0 ? [] : ["", ...table(changes.head, shown.map(cells))]),
    ...(more > 0 ? ["", texts.more(more)] : []),
    ...(hops.rows.length === 0 ? [] : ["", ...table(hops.head, hops.rows.map(cells))]),
  ];
}

function notChecked({ report, texts, room }: Page): readonly string[] {
  const shown = report.notChecked.slice(0, room.list);
  const more = report.notChecked.length - shown.length;
  return [
    ...shown.map(
      ({ cause, reason }) => `- ${markdownCode(cause)}: ${markdownText(reason, room.text)}`,
    ),
    ...(more > 0 ? [`- ${texts.more(more)}`] : []),
  ];
}

function notObservable({ report, room }: Page): readonly string[] {
  return report.vantage.ladder
    .filter(({ available }) => !available)
    .map(({ rung, reason }) => `- ${markdownCode(rung)}: ${markdownText(reason ?? "", room.text)}`);
}

/** Those that a step of the trace names. */
function citedEvents({ trace, events }: Report): Report["events"] {
  const cited = new Set(trace.flatMap(({ evidence }) => evidence));
  return events.filter(({ id }) => cited.has(id));
}

const EVENT_LENGTH = 220;

function events({ report, texts, room }: Page): readonly string[] {
  const cited = citedEvents(report);
  const shown = cited.slice(0, room.list * EVENTS_PER_ROW);
  const more = cited.length - shown.length;
  const lines = shown.map(({ id, atMs, ...event }) => {
    const text = `${id} ${milliseconds(atMs)} ${JSON.stringify(event)}`;
    return text.length <= EVENT_LENGTH ? text : `${text.slice(0, EVENT_LENGTH)}…`;
  });
  return [...markdownBlock(lines), ...(more > 0 ? ["", texts.more(more)] : [])];
}

const EVENTS_PER_ROW = 4;
