// The tone of a status: a class for its colour, and a sign, so that colour never stands alone.

import type { TraceResult } from "../../schema/trace-step.ts";
import type { SegmentStatus, Stage, Verdict } from "../../schema/verdict.ts";

export interface Tone {
  readonly name: "good" | "told" | "bad" | "open";
  readonly sign: string;
}

const GOOD: Tone = { name: "good", sign: "✓" };
const TOLD: Tone = { name: "told", sign: "!" };
const BAD: Tone = { name: "bad", sign: "✖" };
const OPEN: Tone = { name: "open", sign: "?" };

export const STATUS_TONES: Readonly<Record<SegmentStatus, Tone>> = {
  ok: GOOD,
  limited: TOLD,
  blackhole: BAD,
  lossy: BAD,
  broken: BAD,
  silent: { name: "open", sign: "·" },
  unknown: OPEN,
};

export const STAGE_TONES: Readonly<Record<Stage["status"], Tone>> = {
  ok: GOOD,
  failed: BAD,
  skipped: { name: "open", sign: "–" },
  unknown: OPEN,
};

export const RESULT_TONES: Readonly<Record<TraceResult, Tone>> = {
  healthy: GOOD,
  context: { name: "open", sign: "•" },
  failing: BAD,
  narrows: { name: "told", sign: "→" },
  concludes: { name: "open", sign: "∴" },
};

export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  healthy: GOOD,
  degraded: TOLD,
  fault: BAD,
  inconclusive: OPEN,
};
