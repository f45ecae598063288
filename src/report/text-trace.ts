// The root-cause trace as plain text: numbered steps, and at the end what to type and how to see that it helped.

import type { Report } from "../schema/report.ts";
import type {
  TraceConclusion,
  TraceResult,
  TraceStep,
  TraceStepKind,
} from "../schema/trace-step.ts";
import type { Fix, Verdict } from "../schema/verdict.ts";
import { printable } from "./escape.ts";
import { fixLines } from "./text-findings.ts";
import { hanging, padded } from "./text-layout.ts";
import { fixHeading } from "./words/finding.ts";

/** What the layout says itself; everything else is in the trace. */
export interface ExplanationTexts {
  readonly labels: Readonly<
    Record<
      | "tried"
      | "cameBack"
      | "proves"
      | "rulesOut"
      | "evidence"
      | "cause"
      | "place"
      | "direction"
      | "fix"
      | "check",
      string
    >
  >;
  /** What stands before the first line, and that line. */
  head(values: {
    target: string;
    verdict: Verdict;
    reason: string;
  }): readonly [lead: string, text: string];
  step(kind: TraceStepKind): string;
  ruledOut(values: { cause: string; because: string }): string;
  /** The line above the commands of a fix. */
  fix(fix: Fix): string;
  check(values: { now: string; afterwards: string }): string;
  more(shown: string, count: number): string;
  direction(direction: "inbound" | "outbound" | "both"): string;
}

const ENGLISH_EXPLANATION: ExplanationTexts = {
  labels: {
    tried: "tried",
    cameBack: "came back",
    proves: "proves",
    rulesOut: "rules out",
    evidence: "evidence",
    cause: "cause",
    place: "place",
    direction: "direction",
    fix: "fix",
    check: "check",
  },
  head: ({ target, verdict, reason }) => [`${target}: `, `${verdict}. ${reason}`],
  step: (kind) => kind,
  ruledOut: ({ cause, because }) => `${cause}, because ${because}`,
  fix: fixHeading,
  check: ({ now, afterwards }) => `now: ${now}; after the fix: ${afterwards}`,
  more: (shown, count) => `${shown} and ${count} more`,
  direction: (direction) => direction,
};

/** A run's trace, under the target and the verdict. */
export function explanation(
  { target, verdict, reason, trace }: Report,
  texts: ExplanationTexts = ENGLISH_EXPLANATION,
): string {
  const head = hanging(...texts.head({ target: target.input, verdict, reason }));
  return `${head.map(printable).join("\n")}\n\n${traceText(trace, texts)}`;
}

/** All steps with an empty line between them; the last one holds cause, place, fix and checks. */
function traceText(steps: readonly TraceStep[], texts: ExplanationTexts): string {
  const lines = steps.flatMap((step, index) => [
    ...(index === 0 ? [] : [""]),
    ...stepLines(step, texts),
  ]);
  return `${lines.map(printable).join("\n")}\n`;
}

const INDENT = "    ";
const LABEL_WIDTH = 11;

const SIGNS = {
  healthy: "+",
  context: "-",
  failing: "X",
  narrows: "?",
  concludes: "=",
} as const satisfies Record<TraceResult, string>;

function stepLines(step: TraceStep, texts: ExplanationTexts): string[] {
  const { labels } = texts;
  const number = String(step.step).padStart(2);
  const at = step.segment === null ? "" : ` (${step.segment})`;
  return [
    `${number}. ${SIGNS[step.result]} ${texts.step(step.kind)}${at}`,
    ...labelled(labels.tried, step.tried),
    ...labelled(labels.cameBack, step.cameBack),
    ...labelled(labels.proves, step.proves),
    ...step.rulesOut.flatMap((one) => labelled(labels.rulesOut, texts.ruledOut(one))),
    ...labelled(labels.evidence, shortened(step.evidence, texts)),
    ...(step.conclusion === null ? [] : conclusionLines(step.conclusion, texts)),
  ];
}

function conclusionLines(
  { cause, place, direction, fix, mendedBy, send, checks }: TraceConclusion,
  texts: ExplanationTexts,
) {
  const { labels } = texts;
  if (cause === null) return [];
  return [
    ...labelled(labels.cause, cause),
    ...labelled(labels.place, place),
    ...(direction === null ? [] : labelled(labels.direction, texts.direction(direction))),
    ...(mendedBy === null ? [] : labelled(labels.fix, mendedBy)),
    ...(send === undefined ? [] : [typed(send)]),
    ...(fix === null ? [] : fixLines(fix, INDENT, texts.fix(fix))),
    ...checks.flatMap(({ command, now, afterwards }) => [
      ...labelled(labels.check, texts.check({ now, afterwards })),
      typed(command),
    ]),
  ];
}

/** Never wrapped: it has to survive copy and paste. */
function typed(command: string): string {
  return `${INDENT}${padded("", LABEL_WIDTH)}$ ${command}`;
}

function labelled(label: string, text: string): string[] {
  return text === "" ? [] : hanging(INDENT + padded(label, LABEL_WIDTH), text);
}

const SHOWN = 12;

/** Some of many ids; the JSON has them all. */
function shortened(ids: readonly string[], texts: ExplanationTexts): string {
  const more = ids.length - SHOWN;
  const shown = ids.slice(0, SHOWN).join(" ");
  return more > 0 ? texts.more(shown, more) : shown;
}
