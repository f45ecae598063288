// The word, sign and tone of every status: meaning is in the first two, colour only repeats it.

import type { SegmentStatus, Severity, Verdict } from "../src/schema/verdict.ts";
import type { LiveStage } from "./progress.ts";

export type Tone = "good" | "warn" | "bad" | "dim" | "strong" | "selected" | "plain";

/** How a status is drawn. */
export interface Look {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
}

/** The sign of a segment stands in its lane, so "ok" is the lane going on. */
export const SEGMENT_LOOKS = {
  ok: { sign: "│", word: "ok", tone: "good" },
  limited: { sign: "┿", word: "limited", tone: "warn" },
  blackhole: { sign: "●", word: "black hole", tone: "bad" },
  lossy: { sign: "≈", word: "lossy", tone: "bad" },
  broken: { sign: "✗", word: "broken", tone: "bad" },
  silent: { sign: "·", word: "silent", tone: "dim" },
  unknown: { sign: "?", word: "unknown", tone: "dim" },
} as const satisfies Record<SegmentStatus, Look>;

export const STAGE_LOOKS = {
  ok: { sign: "✓", word: "ok", tone: "good" },
  failed: { sign: "✗", word: "failed", tone: "bad" },
  skipped: { sign: "–", word: "skipped", tone: "dim" },
  unknown: { sign: "?", word: "unknown", tone: "dim" },
  waiting: { sign: "…", word: "waiting", tone: "warn" },
  "to come": { sign: "·", word: "to come", tone: "dim" },
} as const satisfies Record<LiveStage["status"], Look>;

export const VERDICT_LOOKS = {
  healthy: { sign: "✓", word: "HEALTHY", tone: "good" },
  degraded: { sign: "▲", word: "DEGRADED", tone: "warn" },
  fault: { sign: "✗", word: "FAULT", tone: "bad" },
  inconclusive: { sign: "?", word: "INCONCLUSIVE", tone: "warn" },
} as const satisfies Record<Verdict, Look>;

export const SEVERITY_LOOKS = {
  fault: { sign: "✗", word: "fault", tone: "bad" },
  warning: { sign: "▲", word: "warning", tone: "warn" },
  note: { sign: "·", word: "note", tone: "dim" },
} as const satisfies Record<Severity, Look>;

const MS_PER_SECOND = 1000;
const WHOLE_MS = 10;

/** "3.2 ms", "21 ms", "2.4 s". */
export function duration(ms: number): string {
  if (ms >= MS_PER_SECOND) {
    return `${(ms / MS_PER_SECOND).toFixed(1)} s`;
  }
  return `${ms.toFixed(ms < WHOLE_MS ? 1 : 0)} ms`;
}
