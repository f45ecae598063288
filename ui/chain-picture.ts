// The chain as a picture, for a terminal with room: places from left to right, grouped by where they live, and a lane for each direction.

import type { Snapshot } from "../src/model/snapshot.ts";
import { printable } from "../src/report/escape.ts";
import type { PmtuEstimate } from "../src/schema/verdict.ts";
import { createRow, type Row } from "./canvas.ts";
import type { Line } from "./lines.ts";
import { type Lane, type Mark, type Place, placesOf } from "./places.ts";
import type { Tone } from "./status.ts";
import { textWidth } from "./text-width.ts";

/** Below it the list is drawn. */
export const PICTURE_FROM = 100;

interface PictureSize {
  readonly columns: number;
  /** Leaves out the addresses. */
  readonly short: boolean;
  /** Since the run began: packets travel as it goes on. */
  readonly nowMs: number;
}

/** A place and the columns that it and its link have. */
interface Slot {
  readonly place: Place;
  readonly column: number;
  readonly width: number;
}

/** Empty where there is no chain yet, or no room for it. */
export function chainPicture(snapshot: Snapshot, size: PictureSize): readonly Line[] {
  const { slots, addresses } = layOut(snapshot, size);
  if (slots.length === 0) return [];
  const row = () => createRow(size.columns);
  const rows = [row(), row(), ...(addresses ? [row()] : []), row(), row(), row()];
  const [zones, names] = rows;
  const [mtus, outbound, inbound] = rows.slice(-3);
  if (!zones || !names || !mtus || !outbound || !inbound) return [];
  drawZones(zones, slots, size.columns);
  drawNames(names, addresses ? (rows[2] ?? null) : null, slots);
  drawMtus(mtus, slots);
  drawOutbound(outbound, slots, snapshot);
  drawInbound(inbound, slots, snapshot);
  if (!snapshot.finished) drawTravellers(outbound, inbound, slots, size.nowMs);
  const marks = slots.flatMap(({ place, column }) =>
    place.marks.map((mark) => markLine(mark, column, size.columns)),
  );
  return [...rows.map((one) => one.line()), ...marks.slice(0, MOST_MARKS)];
}

/** More would push the verdict off the screen; it names them all. */
const MOST_MARKS = 3;
/** " out  ". */
const LEFT = 6;
/** A sign, its link, and room for a size on it. */
const LEAST_SLOT = 7;

interface Layout {
  readonly slots: readonly Slot[];
  readonly addresses: boolean;
}

/** Addresses go first, then labels get shorter, then whatever is alike is folded, until all places fit. */
function layOut(snapshot: Snapshot, { columns, short }: PictureSize): Layout {
  const room = columns - LEFT - 1;
  const all = placesOf(snapshot, false);
  const folded = placesOf(snapshot, true);
  const attempts = [
    ...(short ? [] : [{ places: all, most: MOST_LABEL, addresses: true }]),
    ...SHORTER.map((most) => ({ places: all, most, addresses: false })),
    ...SHORTEST.map((most) => ({ places: folded, most, addresses: false })),
  ];
  for (const { places, most, addresses } of attempts) {
    const widths = places.map((place) => naturalWidth(place, most, addresses));
    const total = widths.reduce((sum, width) => sum + width, 0);
    if (total <= room) return { slots: placed(places, widths, room - total), addresses };
  }
  return { slots: [], addresses: false };
}

const MOST_LABEL = 24;
/** Columns that a label is cut to. */
const SHORTER = [MOST_LABEL, 20, 16, 14, 12, 10, 9, 8, 7];
const SHORTEST = [...SHORTER, 6, 5];

function naturalWidth({ label, address }: Place, most: number, addresses: boolean): number {
  // An address that is cut is none.
  const least = addresses ? textWidth(printable(address ?? "")) : 0;
  const widest = Math.max(least, Math.min(most, textWidth(printable(label))));
  return Math.max(LEAST_SLOT, widest + 2);
}

/** What is left over lengthens the links, all alike. */
function placed(
  places: readonly Place[],
  widths: readonly number[],
  spare: number,
): readonly Slot[] {
  const each = Math.min(MOST_SPARE, Math.floor(spare / Math.max(1, places.length - 1)));
  let column = LEFT;
  return places.map((place, index) => {
    const slot = { place, column, width: (widths[index] ?? LEAST_SLOT) + each };
    column += slot.width;
    return slot;
  });
}

/** Longer links only move the places apart. */
const MOST_SPARE = 12;

function drawZones(row: Row, slots: readonly Slot[], columns: number): void {
  const last = slots.at(-1);
  const end = Math.min(columns, (last?.column ?? 0) + (last?.width ?? 0));
  row.put(1, "─".repeat(end - 1), "dim");
  for (const [index, { place, column }] of slots.entries()) {
    if (slots[index - 1]?.place.zone === place.zone) continue;
    if (index > 0) row.put(column - 2, "┬", "dim");
    row.put(column - 1, ` ${place.zone} `, "strong");
  }
}

function drawNames(names: Row, addresses: Row | null, slots: readonly Slot[]): void {
  for (const [index, { place, column, width }] of slots.entries()) {
    if (index > 0 && slots[index - 1]?.place.zone !== place.zone) {
      for (const row of [names, addresses]) row?.put(column - 2, "│", "dim");
    }
    names.put(column, shortened(place.label, width - 2), place.inferred ? "dim" : "plain");
    addresses?.put(column, shortened(place.address ?? "", width - 2), "dim");
  }
}

function shortened(text: string, width: number): string {
  const shown = printable(text);
  if (textWidth(shown) <= width) return shown;
  let kept = "";
  for (const character of shown) {
    if (textWidth(kept + character) >= width) break;
    kept += character;
  }
  return `${kept}…`;
}

function drawMtus(row: Row, slots: readonly Slot[]): void {
  row.put(1, "mtu", "dim");
  const sizes = slots.flatMap(({ place }) => place.mtu ?? []);
  const most = Math.max(...sizes);
  for (const { place, column } of slots) {
    if (place.mtu !== null) row.put(column, `${place.mtu}`, place.mtu < most ? "warn" : "dim");
  }
}

const NODES = {
  ok: ["●", "good"],
  limited: ["◆", "warn"],
  blackhole: ["✗", "bad"],
  lossy: ["≈", "bad"],
  broken: ["✗", "bad"],
  silent: ["○", "dim"],
  unknown: ["?", "dim"],
} as const satisfies Record<Lane["status"], readonly [string, Tone]>;

function node({ status, behind }: Lane, inferred: boolean): readonly [string, Tone] {
  if (status !== "ok") return NODES[status];
  if (behind !== null) return ["○", "dim"];
  return inferred ? ["◌", "good"] : NODES.ok;
}

/** @param far the lane at the other end of the link */
function link(near: Lane, far: Lane, inferred: boolean): readonly [string, Tone] {
  if (near.link === "lost somewhere") return ["╍", "bad"];
  if (near.link === "nothing") return [" ", "plain"];
  if (near.link === "small packets") return ["┈", "dim"];
  const isUnknown = near.status === "unknown" || far.status === "unknown";
  if (isUnknown) return ["·", "dim"];
  return [inferred ? "╌" : "━", "good"];
}

const SOMEWHERE = "✗?";

function drawLane(row: Row, slots: readonly Slot[], direction: Mark["direction"]): void {
  for (const [index, { place, column, width }] of slots.entries()) {
    const next = slots[index + 1]?.place;
    if (next !== undefined) {
      const [sign, tone] = link(place[direction], next[direction], place.inferred || next.inferred);
      row.put(column + 1, sign.repeat(width - 1), tone);
      if (place[direction].link === "lost somewhere") {
        row.put(column + Math.floor(width / 2), SOMEWHERE, "bad");
      }
    }
    const [sign, tone] = node(place[direction], place.inferred);
    row.put(column, sign, tone);
  }
}

function drawOutbound(row: Row, slots: readonly Slot[], { diagnosis }: Snapshot): void {
  row.put(1, "out", "strong");
  drawLane(row, slots, "outbound");
  drawLimit(row, slots, "outbound", diagnosis.pmtu.outbound);
  const last = slots.at(-1);
  const lane = last?.place.outbound;
  if (last !== undefined && lane?.status === "ok" && lane.behind === null) {
    row.put(last.column + 1, "▶", "good");
  }
}

function drawInbound(row: Row, slots: readonly Slot[], { diagnosis }: Snapshot): void {
  row.put(1, "in", "strong");
  drawLane(row, slots, "inbound");
  drawLimit(row, slots, "inbound", diagnosis.pmtu.inbound);
  const first = slots[0];
  const lane = first?.place.inbound;
  if (first !== undefined && lane?.status === "ok") {
    const whole = lane.behind === null;
    if (lane.behind !== "nothing") row.put(first.column - 1, "◀", whole ? "good" : "dim");
  }
}

/** The measured size on the link where it is the limit. */
function drawLimit(
  row: Row,
  slots: readonly Slot[],
  direction: Mark["direction"],
  { bytes, atLeast, below, silent }: PmtuEstimate,
): void {
  const size = bytes ?? atLeast;
  const slot = slots.find(({ place }) => LIMITS.includes(place[direction].status));
  if (slot === undefined || size === null || below === null) return;
  const text = silent ? `>${size}` : `${size}`;
  if (textWidth(text) < slot.width) row.put(slot.column + 1, text, silent ? "bad" : "warn");
}

const LIMITS: readonly Lane["status"][] = ["limited", "blackhole"];

const MS_PER_STEP = 50;

/** A packet on each lane, as far as something is known to get. */
function drawTravellers(outbound: Row, inbound: Row, slots: readonly Slot[], nowMs: number): void {
  const known = slots.filter(({ place }) => place.outbound.status !== "unknown");
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || last.column === first.column) return;
  const length = last.column - first.column;
  const step = Math.floor(nowMs / MS_PER_STEP) % length;
  outbound.put(first.column + step, "▸", "strong");
  inbound.put(last.column - step, "◂", "strong");
}

/** Under the place, with an arrow to it, or before it where the right end is too near. */
function markLine({ direction, text }: Mark, column: number, columns: number): Line {
  const row = createRow(columns);
  const words = `${direction === "inbound" ? "in" : "out"}: ${text}`;
  const width = textWidth(printable(words));
  if (column + 2 + width <= columns) row.put(column, `▲ ${words}`, "bad");
  else {
    const start = Math.max(0, column - 1 - width);
    row.put(start, shortened(words, column - 1 - start), "bad");
    row.put(column, "▲", "bad");
  }
  return row.line();
}
