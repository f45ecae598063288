// The chain as a picture in both directions: what leaves above or on the left, what comes back below or on the right.

import type { Report } from "../../schema/report.ts";
import type { Segment } from "../../schema/verdict.ts";
import { chainView, type DrawnSegment, faultMark, segmentLines } from "../faces/chain-view.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { clipped, html, type Markup } from "./markup.ts";
import { STATUS_TONES } from "./tone.ts";

type Way = "outbound" | "inbound";

interface Drawing {
  readonly segments: readonly DrawnSegment[];
  readonly between: readonly [number, number] | null;
  readonly texts: FaceTexts;
  readonly report: Report;
}

/** Both shapes; the style shows the one that there is room for. */
export function chainPictures(report: Report, texts: FaceTexts): Markup {
  const { segments, between } = chainView(report);
  if (segments.length === 0) return html``;
  const drawing: Drawing = { segments, between, texts, report };
  return html`<div class="wide">${rows(drawing)}</div><div class="narrow">${column(drawing)}</div>`;
}

const CELL = 160;
const GAP = 14;
const PER_ROW = 8;
const ROW = 214;
const TOP = 58;
const BOX_HEIGHT = 84;
/** Between it and the boxes is room for the place of a fault. */
const LANE_IN = TOP + BOX_HEIGHT + 38;
const LETTERS = 22;

/** From left to right; a long chain goes on in the next row. */
function rows({ segments, texts, report, between }: Drawing): Markup {
  const count = Math.ceil(segments.length / PER_ROW);
  const perRow = Math.ceil(segments.length / count);
  const width = perRow * CELL + GAP;
  const height = count * ROW;
  const cells = segments.map((one, index) => {
    const x = (index % perRow) * CELL + GAP / 2;
    const y = Math.floor(index / perRow) * ROW;
    return html`<g transform="translate(${x} ${y})">
${laneAcross(segments, index, "outbound", 32)}${laneAcross(segments, index, "inbound", LANE_IN)}
${box(one, { x: GAP / 2, y: TOP, width: CELL - GAP, texts })}
${marks(one, index, { report, between, texts })}</g>`;
  });
  const title = texts.headings.chain;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${spoken(segments, texts)}">
<text class="kind" x="${GAP}" y="14">→ ${texts.labels.outbound}</text>
<text class="kind" x="${GAP}" y="${LANE_IN + 24}">← ${texts.labels.inbound}</text>
${cells}</svg>`;
}

function laneAcross(segments: readonly DrawnSegment[], index: number, way: Way, y: number): Markup {
  const classes = laneClass(segments, index, way);
  const [tip, back] = way === "outbound" ? [CELL - 3, CELL - 11] : [3, 11];
  return html`<path class="lane ${classes}" d="M0 ${y}H${CELL}"/><path class="head ${classes}" d="M${back} ${y - 6}L${tip} ${y}L${back} ${y + 6}"/>`;
}

/** Packets that vanish travel no further: the lane behind is only for those that pass. */
function laneClass(segments: readonly DrawnSegment[], index: number, way: Way): string {
  const own = segments[index]?.segment;
  const status = own === undefined ? "unknown" : own[way];
  const before = way === "outbound" ? segments.slice(0, index) : segments.slice(index + 1);
  const isEnded = before.some(({ segment }) => isEnd(segment, way));
  return `${STATUS_TONES[status].name}${isEnded || isEnd(own, way) ? " ended" : ""}`;
}

function isEnd(segment: Segment | undefined, way: Way): boolean {
  return segment !== undefined && (segment[way] === "blackhole" || segment[way] === "broken");
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly texts: FaceTexts;
}

function box({ segment, fault, skipped }: DrawnSegment, { x, y, width, texts }: Place): Markup {
  const [name = "", ...rest] = segmentLines(segment);
  const more = skipped === 0 ? [] : [texts.more(skipped)];
  const state = fault ? " bad" : segment.inferred ? " guessed" : "";
  return html`<rect class="box${state}" x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="7"/>
<text class="kind" x="${x + 9}" y="${y + 17}">${segment.kind}</text>
<text class="label" x="${x + 9}" y="${y + 35}">${clipped(name, LETTERS - 3)}</text>
${[...rest, ...more].slice(0, 3).map((line, at) => html`<text class="small" x="${x + 9}" y="${y + 51 + at * 14}">${clipped(line, LETTERS)}</text>`)}`;
}

/** A cross where something ends, and what; nothing where all is well. */
function marks(
  { segment }: DrawnSegment,
  index: number,
  { report, between, texts }: Pick<Drawing, "report" | "between" | "texts">,
): Markup {
  const ways = (["outbound", "inbound"] as const).map((way) => {
    const y = way === "outbound" ? 32 : LANE_IN;
    const status = segment[way];
    if (status === "ok" || status === "silent") return null;
    const { name, sign } = STATUS_TONES[status];
    const size = sizeOf(report, segment, way);
    const label = `${sign === "✖" ? "" : `${sign} `}${texts.statuses[status]}${size}`;
    const end = sign === "✖" ? cross(CELL / 2, y + 7) : null;
    return html`${end}<text class="small ${name}" text-anchor="middle" x="${CELL / 2}" y="${y + (way === "outbound" ? -13 : 24)}">${label}</text>`;
  });
  const mark = faultMark({ between }, index, texts);
  const y = TOP + BOX_HEIGHT + 9;
  const here = mark.isHere
    ? html`<path class="lane bad ended" d="M${CELL - 8} ${y}H${index + 1 === between?.[1] ? CELL + 8 : 2 * CELL - 8}"/><text class="small bad" x="${CELL - 6}" y="${y + 13}">${mark.text}</text>`
    : null;
  return html`${ways}${here}`;
}

/** Where packets end. */
function cross(x: number, y: number): Markup {
  return html`<text class="cross" text-anchor="middle" x="${x}" y="${y}">✖</text>`;
}

/** ", > 1400 B" where a size ends there. */
function sizeOf({ pmtu }: Report, segment: Segment, way: Way): string {
  const { atLeast } = pmtu[way];
  const isSize = segment[way] === "blackhole" || segment[way] === "limited";
  return isSize && atLeast !== null ? ` > ${atLeast} B` : "";
}

const LINE = 104;
const NARROW = 340;
const LANE_X = 20;

/** From top to bottom, for a narrow screen. */
function column({ segments, texts, report, between }: Drawing): Markup {
  const cells = segments.map((one, index) => {
    const { segment } = one;
    const state = (way: Way, x: number) => {
      const classes = laneClass(segments, index, way);
      const [tip, back] = way === "outbound" ? [LINE - 3, LINE - 11] : [3, 11];
      const end = isEnd(segment, way) ? cross(x, LINE / 2 + 7) : null;
      return html`<path class="lane ${classes}" d="M${x} 0V${LINE}"/><path class="head ${classes}" d="M${x - 6} ${back}L${x} ${tip}L${x + 6} ${back}"/>${end}`;
    };
    const words = (["outbound", "inbound"] as const).flatMap((way) => {
      const status = segment[way];
      if (status === "ok" || status === "silent") return [];
      const arrow = way === "outbound" ? "→" : "←";
      return [
        {
          tone: STATUS_TONES[status].name,
          text: `${arrow} ${texts.statuses[status]}${sizeOf(report, segment, way)}`,
        },
      ];
    });
    const mark = faultMark({ between }, index, texts);
    return html`<g transform="translate(0 ${index * LINE + 22})">${state("outbound", LANE_X)}${state("inbound", NARROW - LANE_X)}
${box(one, { x: 42, y: 8, width: NARROW - 84, texts })}
${words.map(({ tone, text }, at) => html`<text class="small ${tone}" text-anchor="end" x="${NARROW - 50}" y="${25 + at * 15}">${text}</text>`)}
${mark.isHere ? html`<path class="lane bad ended" d="M60 ${LINE - 2}H${NARROW - 60}"/><text class="small bad" x="60" y="${LINE + 4}">${mark.text}</text>` : null}</g>`;
  });
  return html`<svg viewBox="0 0 ${NARROW} ${segments.length * LINE + 24}" role="img" aria-label="${texts.headings.chain}: ${spoken(segments, texts)}">
<text class="kind" x="4" y="13">↓ ${texts.labels.outbound}</text><text class="kind" text-anchor="end" x="${NARROW - 4}" y="13">${texts.labels.inbound} ↑</text>${cells}</svg>`;
}

/** The picture in words; the table below it has the rest. */
function spoken(segments: readonly DrawnSegment[], { statuses, labels }: FaceTexts): string {
  return segments
    .map(({ segment: { kind, outbound, inbound } }) =>
      outbound === "ok" && inbound === "ok"
        ? kind
        : `${kind} (${labels.outbound} ${statuses[outbound]}, ${labels.inbound} ${statuses[inbound]})`,
    )
    .join(", ");
}
