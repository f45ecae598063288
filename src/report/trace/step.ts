// A step of the argument before it is written out.

import type { RuledOutData } from "../../diagnosis/diagnosis.ts";
import type { Words } from "../../diagnosis/words.ts";
import type { TraceResult, TraceStepKind } from "../../schema/trace-step.ts";
import type { SegmentKind } from "../../schema/verdict.ts";
import type { Say } from "./phrases.ts";

export interface StepData {
  readonly kind: TraceStepKind;
  readonly result: TraceResult;
  readonly segment: SegmentKind | null;
  readonly tried: Say;
  readonly cameBack: Say;
  /** What a rule says, where one does. */
  readonly proves: Say | { readonly cause: string; readonly summary: Words };
  readonly rulesOut: readonly RuledOutData[];
  readonly evidence: readonly string[];
}

/** @param rest what differs from a step about no segment that rules nothing out */
export function step(
  kind: TraceStepKind,
  result: TraceResult,
  rest: Pick<StepData, "tried" | "cameBack" | "proves" | "evidence"> &
    Partial<Pick<StepData, "segment">>,
): StepData {
  return { kind, result, segment: null, rulesOut: [], ...rest };
}
