// Draws one segment of the chain: kind, name, MTU, and the state of both directions as text.

import { Box, Text } from "ink";
import { printable } from "../src/report/escape.ts";
import type { Segment } from "../src/schema/verdict.ts";
import { SEGMENT_LOOKS } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface SegmentRowProps {
  readonly segment: Segment;
  /** How many segments like it the row stands for besides. */
  readonly folded: number;
  readonly wide: boolean;
  readonly colour: boolean;
}

export function SegmentRow({ segment, folded, wide, colour }: SegmentRowProps) {
  const tone = segment.inferred ? "dim" : "plain";
  const more = folded === 0 ? null : `and ${folded} more alike`;
  return (
    <>
      <Box width={KIND_WIDTH} flexShrink={0}>
        <Toned tone={tone} colour={colour} wrap="truncate-end">
          {segment.kind}
        </Toned>
      </Box>
      {wide ? (
        <Box flexGrow={1} flexBasis={0}>
          <Toned tone={tone} colour={colour} wrap="truncate-end">
            {more ?? formatName(segment)}
          </Toned>
        </Box>
      ) : null}
      {wide ? (
        <>
          <Box width={MTU_WIDTH} flexShrink={0} justifyContent="flex-end">
            <Text>{segment.mtu === null || more !== null ? "" : `${segment.mtu}`}</Text>
          </Box>
          <StatusCell status={segment.outbound} colour={colour} />
          <StatusCell status={segment.inbound} colour={colour} />
        </>
      ) : (
        <NarrowStatus segment={segment} folded={folded} colour={colour} />
      )}
    </>
  );
}

const KIND_WIDTH = 14;
const MTU_WIDTH = 5;
const STATUS_WIDTH = 11;

function formatName({ kind, name, address, inferred }: Segment): string {
  const parts = [name === kind ? "" : name, address === name ? "" : (address ?? "")];
  const words = parts.filter((part) => part !== "").map(printable);
  return (inferred ? ["~", ...words] : words).join(" ");
}

interface StatusCellProps {
  readonly status: Segment["outbound"];
  readonly colour: boolean;
}

function StatusCell({ status, colour }: StatusCellProps) {
  const { word, tone } = SEGMENT_LOOKS[status];
  return (
    <Box width={STATUS_WIDTH} flexShrink={0} paddingLeft={1}>
      <Toned tone={tone} colour={colour}>
        {word}
      </Toned>
    </Box>
  );
}

/** One word when both directions share it; otherwise what is not ok, with its arrow. */
function NarrowStatus({ segment, folded, colour }: Omit<SegmentRowProps, "wide">) {
  const { outbound, inbound } = segment;
  const worse = outbound === "ok" ? inbound : outbound;
  const words =
    outbound === inbound
      ? [SEGMENT_LOOKS[outbound].word]
      : [
          ...(outbound === "ok" ? [] : [`↓ ${SEGMENT_LOOKS[outbound].word}`]),
          ...(inbound === "ok" ? [] : [`↑ ${SEGMENT_LOOKS[inbound].word}`]),
        ];
  return (
    <Box flexGrow={1} flexBasis={0}>
      <Toned tone={SEGMENT_LOOKS[worse].tone} colour={colour} wrap="truncate-end">
        {`${words.join(" ")}${folded === 0 ? "" : ` (${folded + 1})`}`}
      </Toned>
    </Box>
  );
}
