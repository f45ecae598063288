// The argument behind the verdict, step by step, as the report has it.

import { SHELLS } from "../src/report/words/finding.ts";
import type { TraceResult } from "../src/schema/trace-step.ts";
import { type Line, line, span, wrapped } from "./lines.ts";
import type { Tone } from "./status.ts";
import type { ViewInput, ViewLines, ViewRow } from "./view.ts";

const LOOKS = {
  healthy: ["✓", "good"],
  context: ["–", "dim"],
  failing: ["✗", "bad"],
  narrows: ["?", "warn"],
  concludes: ["=", "strong"],
} as const satisfies Record<TraceResult, readonly [string, Tone]>;

export function evidenceView({ report, columns }: ViewInput): ViewLines {
  if (report === null) {
    return { heading: [line(" the argument is made when the run has ended", "dim")], body: [] };
  }
  const body = report.trace.flatMap((step): (Line | ViewRow)[] => {
    const [sign, tone] = LOOKS[step.result];
    const at = step.segment === null ? "" : ` (${step.segment})`;
    const part = (label: string, text: string) =>
      text === "" ? [] : wrapped(text, "plain", { columns, first: `      ${label} ` });
    const ids = step.evidence;
    return [
      {
        id: `step ${step.step}`,
        line: [span(` ${`${step.step}`.padStart(2)}. `), span(`${sign} ${step.kind}${at}`, tone)],
        evidence: ids,
      },
      ...part("tried    ", step.tried),
      ...part("came back", step.cameBack),
      ...part("proves   ", step.proves),
      ...step.rulesOut.flatMap(({ cause, because }) => part("rules out", `${cause}: ${because}`)),
      ...conclusionLines(step.conclusion, columns),
    ];
  });
  return { heading: [], body };
}

type Conclusion = NonNullable<ViewInput["report"]>["trace"][number]["conclusion"];

function conclusionLines(conclusion: Conclusion, columns: number): readonly Line[] {
  if (conclusion === null) return [];
  const wrap = { columns, first: "      " };
  const { cause, title, place, fix, mendedBy, checks } = conclusion;
  return [
    ...wrapped(`${cause === null ? "" : `${cause}: `}${title}, ${place}`, "strong", wrap),
    ...(mendedBy === null ? [] : wrapped(mendedBy, "plain", wrap)),
    ...(fix?.commands ?? []).flatMap((command) =>
      wrapped(command, "strong", {
        columns,
        first: `      ${SHELLS[fix?.where ?? "linux"].prompt} `,
      }),
    ),
    ...checks.flatMap(({ command, now, afterwards }) =>
      wrapped(`check ${command}: now ${now}; afterwards ${afterwards}`, "dim", wrap),
    ),
  ];
}
