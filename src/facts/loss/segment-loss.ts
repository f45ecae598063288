// Loss of large packets only: connections with full-size segments beside as many with small ones, and sizes between.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import { attemptState, lastInfo, sentBytes, TCP_HEADERS } from "../connection/attempt.ts";
import { perPath } from "../per-path.ts";
import { lostInbound, lostOutbound } from "./loss.ts";
import { type Count, chanceAlike } from "./loss-inference.ts";
import { LOST_AT_SIZE, NO_DIFFERENCE, SAME_IN_ALL_SIZES } from "./thresholds.ts";

type Towards = "outbound" | "inbound";

/** The connections of one size: how many had to repeat a segment, each way. */
export interface SizeLoss extends Readonly<Record<Towards, Count>> {
  /** Bytes of a full packet of theirs. */
  readonly sizeBytes: number;
}

export interface SegmentLoss {
  readonly large: SizeLoss;
  readonly small: SizeLoss;
  /** Where large packets are lost and small ones are not, or much less. */
  readonly lossy: readonly Towards[];
  /** Whether more connections may tell: in a direction the large ones lost more, by chance perhaps. */
  readonly isOpen: boolean;
  /** The largest size that is not lost so, and the smallest that is. */
  readonly from: { readonly passed: number; readonly lost: number };
  readonly evidence: readonly string[];
}

/** Null where no two sizes were compared: the first connection only looks for a sign. */
export const segmentLoss = perPath("segmentLoss", (path: Path): SegmentLoss | null => {
  const attempts = path.connections["segment-loss"].slice(1).filter(isKnown);
  const sizes = [...new Set(attempts.flatMap((one) => sizeOf(one) ?? []))].sort((a, b) => a - b);
  const counts = sizes.map((sizeBytes) => countsOf(attempts, sizeBytes));
  const [small] = counts;
  const large = counts.at(-1);
  if (small === undefined || large === undefined || small === large) return null;
  const towards: readonly Towards[] = ["outbound", "inbound"];
  const chances = towards.map((one) => [one, chanceAlike(small[one], large[one])] as const);
  const lossy = chances.flatMap(([one, chance]) => (chance < SAME_IN_ALL_SIZES ? [one] : []));
  const isLost = (size: SizeLoss) => lossy.some((one) => size[one].lost >= LOST_AT_SIZE);
  const lost = counts.findIndex((size, n) => n > 0 && isLost(size));
  const from = {
    passed: (counts[lost - 1] ?? small).sizeBytes,
    lost: (counts[lost] ?? large).sizeBytes,
  };
  const evidence = attempts.map(({ ended, id }) => ended?.id ?? id);
  const isOpen = chances.some(([, one]) => one >= SAME_IN_ALL_SIZES && one <= NO_DIFFERENCE);
  return { large, small, lossy, isOpen, from, evidence };
});

/** A packet of its size was acknowledged: where none is, or TCP took to smaller ones, it is a size limit that may have stopped it. */
export function isKnown(attempt: Attempt): boolean {
  const info = lastInfo(attempt);
  const size = sizeOf(attempt);
  if (info === null || size === null || sentBytes(info, attempt.family) < size) return false;
  return (info.bytesAcked ?? 0) > info.sndMss;
}

/** Whether any connection of the run had to repeat data, or waited for what was repeated to it. */
export function isSegmentLost({ attempts }: Path): boolean {
  return attempts.some((attempt) => lostOutbound(attempt) || isLostInbound(attempt));
}

function isLostInbound(attempt: Attempt): boolean {
  const passed =
    attemptState(attempt, "tls") === "passed" || attemptState(attempt, "http") === "passed";
  return passed && lostInbound(attempt);
}

function sizeOf({ mss, family }: Attempt): number | null {
  return mss === null ? null : mss + TCP_HEADERS[family];
}

function countsOf(attempts: readonly Attempt[], sizeBytes: number): SizeLoss {
  const own = attempts.filter((attempt) => sizeOf(attempt) === sizeBytes);
  const count = (isLost: (attempt: Attempt) => boolean): Count => ({
    sent: own.length,
    lost: own.filter(isLost).length,
  });
  return { sizeBytes, outbound: count(lostOutbound), inbound: count(isLostInbound) };
}
