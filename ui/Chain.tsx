// Draws the chain from the guest outward: two lanes, three framed zones, and where packets vanish.

import { Box, Text } from "ink";
import type { ReactNode } from "react";
import { BEGINNING } from "../src/report/words/finding.ts";
import type { Diagnosis } from "../src/schema/verdict.ts";
import type { ChainRow } from "./chain-rows.ts";
import { Lanes } from "./Lanes.tsx";
import { SegmentRow } from "./SegmentRow.tsx";
import { Toned } from "./Toned.tsx";

interface ChainProps {
  readonly chain: Diagnosis["chain"];
  /** The same, as it is to be drawn. */
  readonly rows: readonly ChainRow[];
  readonly columns: number;
  readonly colour: boolean;
}

export function Chain({ chain, rows, columns, colour }: ChainProps) {
  if (rows.length === 0) {
    return (
      <Toned tone="dim" colour={colour}>
        {` ${BEGINNING}`}
      </Toned>
    );
  }
  const wide = columns >= WIDE_FROM;
  const inner = Math.max(0, columns - LANES_WIDTH - FRAME_WIDTH);
  const segments = rows.flatMap((row, index) => (row.kind === "segment" ? index : []));
  const inferred = chain.some((segment) => segment.inferred);
  return (
    <Box flexDirection="column">
      {rows.map((row, index) => (
        <Box key={row.id}>
          <Box width={LANES_WIDTH} flexShrink={0}>
            <Lanes
              row={row}
              names={index === 0 && row.kind === "zone"}
              first={index === segments[0]}
              last={index === segments.at(-1)}
              colour={colour}
            />
          </Box>
          {row.kind === "zone" ? (
            <ZoneLine title={row.title} top={index === 0} wide={wide} inner={inner} />
          ) : (
            <Framed inner={inner}>
              {row.kind === "mark" ? (
                <MarkLine row={row} colour={colour} />
              ) : (
                <SegmentRow segment={row.segment} folded={row.folded} wide={wide} colour={colour} />
              )}
            </Framed>
          )}
        </Box>
      ))}
      <Box paddingLeft={LANES_WIDTH}>
        <Text>{frameLine("╰", inferred ? LEGEND : "", "", inner, "╯")}</Text>
      </Box>
    </Box>
  );
}

// Below this, name, address and MTU are left out for the kind and both directions.
const WIDE_FROM = 66;
const LANES_WIDTH = 7;
// "│ " and " │".
const FRAME_WIDTH = 4;
// Each heading stands over its column of SegmentRow.
const HEADINGS = " mtu outbound ─ inbound ───";
const LEGEND = "~ inferred from Windows";

/** A horizontal line of the frame, with words near its left end and others at its right end. */
function frameLine(
  left: string,
  title: string,
  headings: string,
  inner: number,
  right: string,
): string {
  const start = title === "" ? left : `${left}─ ${title} `;
  const fill = inner + FRAME_WIDTH - start.length - headings.length - right.length;
  return `${start}${"─".repeat(Math.max(0, fill))}${headings}${right}`;
}

interface ZoneLineProps {
  readonly title: string;
  readonly top: boolean;
  readonly wide: boolean;
  readonly inner: number;
}

function ZoneLine({ title, top, wide, inner }: ZoneLineProps) {
  return (
    <Text>
      {top
        ? frameLine("╭", title, wide ? HEADINGS : "", inner, "╮")
        : frameLine("├", title, "", inner, "┤")}
    </Text>
  );
}

interface FramedProps {
  readonly inner: number;
  readonly children: ReactNode;
}

function Framed({ inner, children }: FramedProps) {
  return (
    <>
      <Text>{"│ "}</Text>
      <Box width={inner} flexShrink={0} overflow="hidden">
        {children}
      </Box>
      <Text>{" │"}</Text>
    </>
  );
}

interface MarkLineProps {
  readonly row: Extract<ChainRow, { kind: "mark" }>;
  readonly colour: boolean;
}

function MarkLine({ row, colour }: MarkLineProps) {
  return (
    <Toned tone="bad" colour={colour} wrap="truncate-end">
      {row.direction === "inbound" ? `◀─ ● ${row.text}` : `─▶ ● ${row.text}`}
    </Toned>
  );
}
