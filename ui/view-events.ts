// Every event of the run, in order, narrowed by what is typed.

import type { ProbeEvent } from "../src/schema/event.ts";
import { type Line, line, span } from "./lines.ts";
import type { ViewInput, ViewLines } from "./view.ts";

export function eventsView({ snapshot, filter }: ViewInput): ViewLines {
  const wanted = filter.toLowerCase();
  const events = snapshot.events.filter((event) => summaryOf(event).toLowerCase().includes(wanted));
  const of = filter === "" ? "" : ` of ${snapshot.events.length} hold "${filter}"`;
  return {
    heading: [line(` ${events.length} events${of}; / narrows them`, "dim")],
    body: events.map((event) => ({ id: event.id, line: eventLine(event), evidence: [event.id] })),
    fromEnd: true,
  };
}

const ID_WIDTH = 6;
const TIME_WIDTH = 10;
const KIND_WIDTH = 22;

/** One event on a line. */
export function eventLine(event: ProbeEvent): Line {
  return [
    span(` ${event.id.padEnd(ID_WIDTH)}`, "dim"),
    span(`${event.atMs.toFixed(1)} ms  `.padStart(TIME_WIDTH + 2)),
    span(`${event.kind.padEnd(KIND_WIDTH)} `, "strong"),
    span(summaryOf(event).slice(event.kind.length + 1)),
  ];
}

/** A host snapshot has hundreds of kilobytes; a line shows its beginning. */
const MOST_CHARACTERS = 500;
const SUMMARIES = new WeakMap<ProbeEvent, string>();

/** Its kind and its content as JSON without braces, on one line. */
function summaryOf(event: ProbeEvent): string {
  const known = SUMMARIES.get(event);
  if (known !== undefined) return known;
  const { id: _, atMs: __, kind, ...content } = event;
  const text = JSON.stringify(content).slice(1, MOST_CHARACTERS).replace(/\}$/, "");
  const summary = `${kind} ${text.replaceAll('"', "").replaceAll(",", ", ")}`;
  SUMMARIES.set(event, summary);
  return summary;
}

/** The events with these ids, whole. */
export function eventDetails(
  events: readonly ProbeEvent[],
  ids: readonly string[],
): readonly Line[] {
  const found = events.filter(({ id }) => ids.includes(id)).slice(0, MOST_EVENTS);
  const left = ids.length - found.length;
  return [
    ...found.flatMap((event) => {
      const { id, atMs, kind, ...content } = event;
      const lines = JSON.stringify(content, null, 2).split("\n").slice(1, -1);
      const shown = lines.slice(0, MOST_LINES);
      const more = lines.length - shown.length;
      return [
        [span(` ${id} `, "strong"), span(`${kind}, ${atMs.toFixed(1)} ms after the run began`)],
        ...shown.map((text) => line(`  ${text}`)),
        ...(more > 0 ? [line(`    ${more} lines more: the recording has them`, "dim")] : []),
        [],
      ];
    }),
    ...(left > 0 ? [line(` and ${left} events more`, "dim")] : []),
  ];
}

const MOST_EVENTS = 30;
const MOST_LINES = 200;
