// The root-cause trace as published: an argument in numbered steps, from what works to what fails, and what follows from it.

import * as z from "zod";
import { direction, fix, ruledOut, segmentKind } from "./verdict.ts";

/** What a step looked at: a stage of the attempt, a measurement, a finding, or all of it at the end. */
export const traceStepKind = z.enum([
  "machine",
  "proxy",
  "resolve",
  "route",
  "hops",
  "reach",
  "connect",
  "tls",
  "http",
  "outbound-size",
  "inbound-size",
  "loss",
  "kernel",
  "windows",
  "decisive",
  "also",
  "conclusion",
]);
export type TraceStepKind = z.infer<typeof traceStepKind>;

export const traceResult = z.enum([
  /** It came out as it should. */
  "healthy",
  /** It holds in this run, and is neither good nor bad. */
  "context",
  /** It did not come out as it should. */
  "failing",
  /** It tells explanations of what failed apart. */
  "narrows",
  "concludes",
]);
export type TraceResult = z.infer<typeof traceResult>;

/** How to see that a fix worked: a command whose result changes. */
const traceCheck = z.object({ command: z.string(), now: z.string(), afterwards: z.string() });

export const traceConclusion = z.object({
  /** Null where no fault was found. */
  cause: z.string().nullable(),
  title: z.string(),
  place: z.string(),
  direction: direction.nullable(),
  /** 0..1; null without a cause. */
  confidence: z.number().nullable(),
  /** The first to try; null where no command here cures it. */
  fix: fix.nullable(),
  /** Who can mend it, where no command here does. */
  mendedBy: z.string().nullable(),
  /** What writes the report that they need, where somebody else has to mend it; absent where nobody has. */
  send: z.string().optional(),
  /** Other commands first, the tool's own last; empty where nothing is to be mended. */
  checks: z.array(traceCheck).readonly(),
});
export type TraceConclusion = z.infer<typeof traceConclusion>;

export const traceStep = z.object({
  /** From 1. */
  step: z.number().int(),
  kind: traceStepKind,
  result: traceResult,
  /** The part of the chain that it is about; null for none or several. */
  segment: segmentKind.nullable(),
  tried: z.string(),
  cameBack: z.string(),
  proves: z.string(),
  rulesOut: z.array(ruledOut).readonly(),
  /** Ids of events of this report. */
  evidence: z.array(z.string()).readonly(),
  /** The last step alone has one. */
  conclusion: traceConclusion.nullable(),
});
export type TraceStep = z.infer<typeof traceStep>;
