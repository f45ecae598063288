// The two lanes beside the chain: outbound runs down, inbound runs up, and both show where they are cut.

import { Text } from "ink";
import type { SegmentStatus } from "../src/schema/verdict.ts";
import type { ChainRow } from "./chain-rows.ts";
import { SEGMENT_LOOKS, type Tone } from "./status.ts";
import { Toned } from "./Toned.tsx";

interface LanesProps {
  readonly row: ChainRow;
  /** Whether the row names the lanes instead of running them. */
  readonly names: boolean;
  /** The row next to the guest, where inbound ends. */
  readonly first: boolean;
  /** The row of the target, where outbound ends. */
  readonly last: boolean;
  readonly colour: boolean;
}

export function Lanes({ row, names, first, last, colour }: LanesProps) {
  if (names) {
    return <Text>{"  ↓  ↑"}</Text>;
  }
  const outbound = row.kind === "segment" ? row.segment.outbound : "ok";
  const inbound = row.kind === "segment" ? row.segment.inbound : "ok";
  return (
    <>
      <Text>{"  "}</Text>
      <Lane status={outbound} cut={row.cuts.outbound} head={last ? "▼" : null} colour={colour} />
      <Text>{"  "}</Text>
      <Lane status={inbound} cut={row.cuts.inbound} head={first ? "▲" : null} colour={colour} />
    </>
  );
}

interface LaneProps {
  readonly status: SegmentStatus;
  readonly cut: boolean;
  /** The arrow head when the lane ends here. */
  readonly head: string | null;
  readonly colour: boolean;
}

function Lane({ status, cut, head, colour }: LaneProps) {
  const { sign, tone } = laneLook(status, cut, head);
  return (
    <Toned tone={tone} colour={colour}>
      {sign}
    </Toned>
  );
}

// Behind a black hole the lane is thin: only what is small gets there.
const CUT_SIGN = "┊";

function laneLook(
  status: SegmentStatus,
  cut: boolean,
  head: string | null,
): { readonly sign: string; readonly tone: Tone } {
  if (status !== "ok") {
    return SEGMENT_LOOKS[status];
  }
  if (cut) {
    return { sign: CUT_SIGN, tone: "dim" };
  }
  return { sign: head ?? SEGMENT_LOOKS.ok.sign, tone: SEGMENT_LOOKS.ok.tone };
}
