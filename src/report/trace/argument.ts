// The root-cause trace of a run: what was tried, what came back, what it proves and rules out, and what follows.
//
// The order is that of an argument, not of packets:
// 1. what holds or works, each thing before what needs it;
// 2. what does not work, likewise;
// 3. what tells the explanations of that apart;
// 4. the measurement that decides, with the alternatives that no earlier step rules out;
// 5. other findings, and the conclusion.

import type { DiagnosisData, FindingData, RuledOutData } from "../../diagnosis/diagnosis.ts";
import { factsOf } from "../../facts/facts.ts";
import type { Path } from "../../model/path.ts";
import type { ProbeEvent } from "../../schema/event.ts";
import type { TraceStep } from "../../schema/trace-step.ts";
import { conclusionOf, placeOf, rootOf } from "./conclusion.ts";
import { toldBy } from "./evidence.ts";
import type { Language } from "./language.ts";
import { withDoubt } from "./lies-in.ts";
import { measuredSteps } from "./measured-steps.ts";
import { stageSteps } from "./stage-steps.ts";
import { type StepData, step } from "./step.ts";

/** @param events those of the path: every id of a step is one of theirs */
export function traceOf(
  path: Path,
  events: readonly ProbeEvent[],
  data: DiagnosisData,
  language: Language,
): readonly TraceStep[] {
  const known = new Set(events.map(({ id }) => id));
  const argument = withRuledOut(ordered(path, data), decisiveSteps(path, events, data), data);
  const steps = argument.map((one, index) => written(one, index, known, language));
  return [...steps, lastStep(path, data, steps, language)];
}

/** Stable: of one kind of result, each thing stays before what needs it. */
function ordered(path: Path, data: DiagnosisData): readonly StepData[] {
  const facts = factsOf(path);
  const root = rootOf(data);
  // Without a fault nothing failed: what did not come out as usual is told as it is.
  const steps = [...stageSteps(facts), ...measuredSteps(facts)].map((one) =>
    one.result === "failing" && root === undefined
      ? { ...one, result: "context" as const }
      : withDoubt(root, one),
  );
  const works = steps.filter(({ result }) => result === "healthy" || result === "context");
  const others = (["failing", "narrows"] as const).flatMap((wanted) =>
    steps.filter(({ result }) => result === wanted),
  );
  return [...works.sort((a, b) => rank(a) - rank(b)), ...others];
}

/** Sizes are asked of a connection that is there. */
const ORDER: readonly StepData["kind"][] = [
  "machine",
  "proxy",
  "resolve",
  "route",
  "hops",
  "loss",
  "connect",
  "outbound-size",
  "inbound-size",
  "tls",
  "http",
];

function rank({ kind }: StepData): number {
  const at = ORDER.indexOf(kind);
  return at < 0 ? ORDER.length : at;
}

/** A step for each finding that stops somebody, the root cause first. */
function decisiveSteps(
  path: Path,
  events: readonly ProbeEvent[],
  { findings }: DiagnosisData,
): readonly StepData[] {
  return findings
    .filter(({ severity }) => severity !== "note")
    .flatMap((finding, index) => {
      const told = toldBy(path, events, finding.evidence);
      if (told === null) return [];
      const { cause, summary, segment, evidence } = finding;
      const proves = { cause, summary };
      return [
        step(index === 0 ? "decisive" : "also", "failing", { segment, proves, evidence, ...told }),
      ];
    });
}

/** Each alternative of the root cause at the step whose events speak against it, else at the decisive one. */
function withRuledOut(
  steps: readonly StepData[],
  decisive: readonly StepData[],
  data: DiagnosisData,
): readonly StepData[] {
  const all = [...steps, ...decisive];
  const root = rootOf(data);
  const fallback = decisive[0] ?? all.at(-1);
  if (root === undefined || fallback === undefined) return all;
  const places = root.ruledOut.map((one) => ({ one, at: placeFor(one, all) ?? fallback }));
  return all.map((each) => ({
    ...each,
    rulesOut: places.flatMap(({ one, at }) => (at === each ? [one] : [])),
  }));
}

function placeFor({ evidence }: RuledOutData, steps: readonly StepData[]): StepData | undefined {
  const ids = new Set(evidence);
  const shared = (one: StepData) => one.evidence.filter((id) => ids.has(id)).length;
  const most = Math.max(0, ...steps.map(shared));
  return most === 0 ? undefined : steps.find((one) => shared(one) === most);
}

function written(
  { proves, tried, cameBack, rulesOut, evidence, ...data }: StepData,
  index: number,
  known: ReadonlySet<string>,
  language: Language,
): TraceStep {
  const { phrases } = language;
  return {
    step: index + 1,
    ...data,
    tried: tried(phrases),
    cameBack: cameBack(phrases),
    proves:
      typeof proves === "function"
        ? proves(phrases)
        : language.writtenOut(proves.cause, proves.summary),
    rulesOut: rulesOut.map((one) => ({
      ...one,
      because: language.writtenOut(one.cause, one.because),
    })),
    evidence: unique(evidence).filter((id) => known.has(id)),
    conclusion: null,
  };
}

function lastStep(
  path: Path,
  data: DiagnosisData,
  steps: readonly TraceStep[],
  language: Language,
): TraceStep {
  const root = rootOf(data);
  const { phrases } = language;
  const failing = steps.find(({ result }) => result === "failing");
  const causes = data.findings.map(({ cause }) => cause);
  const open = data.notChecked.length > 0;
  return {
    step: steps.length + 1,
    kind: "conclusion",
    result: "concludes",
    segment: root?.segment ?? null,
    tried: phrases.conclusionTried,
    cameBack: phrases.conclusionCame({ causes, open }),
    proves: provenBy(path, data, root, language),
    rulesOut: [],
    evidence: unique(root?.evidence ?? steps.flatMap(({ evidence }) => evidence)),
    conclusion: conclusionOf(path, data, failing, language),
  };
}

function provenBy(
  path: Path,
  data: DiagnosisData,
  root: FindingData | undefined,
  language: Language,
): string {
  const { phrases } = language;
  if (root === undefined) return data.verdict === "healthy" ? phrases.noFault : data.reason;
  const { direction, confidence, cause } = root;
  const towards = direction === null ? null : phrases.direction({ direction });
  return phrases.concluded({
    title: language.title(cause),
    place: placeOf(path, data, root, language),
    towards,
    confidence,
  });
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
