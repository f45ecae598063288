// The chain as a list, for a narrow terminal: two lanes beside the places, from the guest outward, and where packets vanish.

import type { Diagnosis, Segment, SegmentStatus } from "../src/schema/verdict.ts";
import { type ChainRow, chainRows } from "./chain-rows.ts";
import { cut, fitted, type Line, line, type Span, span } from "./lines.ts";
import { SEGMENT_LOOKS } from "./status.ts";

/** @param limit rows that there is room for: more of them are folded where they are alike */
export function chainList(
  diagnosis: Diagnosis,
  { columns, limit }: { readonly columns: number; readonly limit: number },
): readonly Line[] {
  const rows = chainRows(diagnosis, limit - 1);
  if (rows.length === 0) return [];
  const inner = Math.max(0, columns - LANES_WIDTH - FRAME_WIDTH);
  const wide = columns >= WIDE_FROM;
  const segments = rows.flatMap((row, index) => (row.kind === "segment" ? index : []));
  const drawn = rows.map((row, index): Line => {
    const ends = { first: index === segments[0], last: index === segments.at(-1) };
    const lanes = index === 0 && row.kind === "zone" ? NAMES : lanesOf(row, ends);
    if (row.kind === "zone") {
      const [left, right] = index === 0 ? ["╭", "╮"] : ["├", "┤"];
      const headings = index === 0 && wide ? HEADINGS : "";
      return [...lanes, ...frameLine(left, row.title, headings, inner, right)];
    }
    const content = row.kind === "mark" ? markLine(row) : segmentLine(row, inner, wide);
    return [...lanes, span("│ "), ...fitted(content, inner), span(" │")];
  });
  const inferred = diagnosis.chain.some((segment) => segment.inferred);
  const legend = inferred ? LEGEND : "";
  const bottom = frameLine("╰", legend, "", inner, "╯");
  return [...drawn, [span(" ".repeat(LANES_WIDTH)), ...bottom]].map((one) => cut(one, columns));
}

// Below this, name, address and MTU are left out for the kind and both directions.
const WIDE_FROM = 66;
const LANES_WIDTH = 7;
// "│ " and " │".
const FRAME_WIDTH = 4;
const NAMES = line("  ↓  ↑ ");
// Each heading stands over its column of segmentLine.
const HEADINGS = " mtu outbound ─ inbound ───";
const LEGEND = "~ inferred from Windows";

/** A horizontal line of the frame, with words near its left end and others at its right end. */
function frameLine(
  left: string,
  title: string,
  headings: string,
  inner: number,
  right: string,
): Line {
  const start = title === "" ? left : `${left}─ ${title} `;
  const fill = inner + FRAME_WIDTH - start.length - headings.length - right.length;
  return line(`${start}${"─".repeat(Math.max(0, fill))}${headings}${right}`);
}

function lanesOf(row: ChainRow, ends: { readonly first: boolean; readonly last: boolean }): Line {
  const outbound = row.kind === "segment" ? row.segment.outbound : "ok";
  const inbound = row.kind === "segment" ? row.segment.inbound : "ok";
  return [
    span("  "),
    lane(outbound, row.cuts.outbound, ends.last ? "▼" : null),
    span("  "),
    lane(inbound, row.cuts.inbound, ends.first ? "▲" : null),
    span(" "),
  ];
}

// Behind a black hole the lane is thin: only what is small gets there.
const CUT_SIGN = "┊";

/** @param head the arrow head where the lane ends here */
function lane(status: SegmentStatus, isCut: boolean, head: string | null): Span {
  const { sign, tone } = SEGMENT_LOOKS[status];
  if (status !== "ok") return span(sign, tone);
  return isCut ? span(CUT_SIGN, "dim") : span(head ?? sign, tone);
}

function markLine({ direction, text }: Extract<ChainRow, { kind: "mark" }>): Line {
  return line(direction === "inbound" ? `◀─ ● ${text}` : `─▶ ● ${text}`, "bad");
}

const KIND_WIDTH = 14;
const MTU_WIDTH = 5;
const STATUS_WIDTH = 11;
const FOLDED = "in a row, all alike";

function segmentLine(
  { segment, folded }: Extract<ChainRow, { kind: "segment" }>,
  inner: number,
  wide: boolean,
): Line {
  const { kind, mtu, inferred, outbound, inbound } = segment;
  const tone = inferred ? "dim" : "plain";
  const title = folded === 0 || kind === "internet-hop" ? kind : "…";
  if (!wide) return [...fitted(line(title, tone), KIND_WIDTH), narrowStatus(segment, folded)];
  // What a folded row stands for, and never a name: others of it have other names.
  const name = folded === 0 ? formatName(segment) : `${folded + 1} ${FOLDED}`;
  const nameWidth = Math.max(0, inner - KIND_WIDTH - MTU_WIDTH - 2 * STATUS_WIDTH);
  const size = mtu === null || folded > 0 ? "" : `${mtu}`;
  return [
    ...fitted(line(title, tone), KIND_WIDTH),
    ...fitted(line(name, tone), nameWidth),
    span(size.padStart(MTU_WIDTH)),
    ...statusCell(outbound),
    ...statusCell(inbound),
  ];
}

/** Name and address of a place, with "~" where only Windows names it. */
function formatName({ kind, name, address, inferred }: Segment): string {
  const parts = [
    name === kind ? "" : name,
    address === null || name.includes(address) ? "" : address,
  ];
  const words = parts.filter((part) => part !== "");
  return (inferred ? ["~", ...words] : words).join(" ");
}

function statusCell(status: SegmentStatus): Line {
  const { word, tone } = SEGMENT_LOOKS[status];
  return [span(" "), ...fitted(line(word, tone), STATUS_WIDTH - 1)];
}

/** One word when both directions share it; otherwise what is not ok, with its arrow. */
function narrowStatus({ outbound, inbound }: Segment, folded: number): Span {
  const worse = outbound === "ok" ? inbound : outbound;
  const words =
    outbound === inbound
      ? [SEGMENT_LOOKS[outbound].word]
      : [
          ...(outbound === "ok" ? [] : [`↓ ${SEGMENT_LOOKS[outbound].word}`]),
          ...(inbound === "ok" ? [] : [`↑ ${SEGMENT_LOOKS[inbound].word}`]),
        ];
  const many = folded === 0 ? "" : ` (${folded + 1})`;
  return span(`${words.join(" ")}${many}`, SEGMENT_LOOKS[worse].tone);
}
