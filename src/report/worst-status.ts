// The worse status of a segment's two directions: its sign in a row, its colour in a picture.

import type { Segment, SegmentStatus } from "../schema/verdict.ts";

const WORST_FIRST: readonly SegmentStatus[] = [
  "broken",
  "blackhole",
  "lossy",
  "limited",
  "unknown",
  "silent",
  "ok",
];

/** The worse of the two directions. */
export function worstOf({ outbound, inbound }: Segment): SegmentStatus {
  return WORST_FIRST.find((status) => status === outbound || status === inbound) ?? outbound;
}
