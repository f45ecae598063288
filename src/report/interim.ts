// What a pipe is told while a run still waits whether its hang recovers: the verdict so far, its place, and what to type.

import { diagnose } from "../diagnosis/diagnose.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Diagnosis, Finding, Verdict } from "../schema/verdict.ts";
import { publishedDiagnosis } from "./diagnosis.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { causeLine, fixLines, rootCause } from "./text-findings.ts";
import { hanging } from "./text-layout.ts";
import { rootOf } from "./trace/conclusion.ts";
import type { Language } from "./trace/language.ts";
import { fixHeading } from "./words/finding.ts";

/** What the lines say beside what rules say; the first of a pair stands before the text. */
export interface InterimTexts {
  soFar(values: { elapsed: string; verdict: Verdict; reason: string }): readonly [string, string];
  cause(root: Finding): readonly [string, string];
  fix: typeof fixHeading;
  /** @param until when the run ends at the latest; null where that is open. @param hangs whether it is a hang that is awaited, and not a name server */
  waiting(values: { until: string | null; hangs: boolean }): readonly [string, string];
}

/** As much of a language as that takes. */
interface InterimLanguage {
  readonly of: Language;
  readonly interim: InterimTexts;
}

const ENGLISH_INTERIM: InterimTexts = {
  soFar: ({ elapsed, verdict, reason }) => [`so far (${elapsed}): `, `${verdict}. ${reason}`],
  cause: causeLine,
  fix: fixHeading,
  waiting: ({ until, hangs }) => [
    "waiting: ",
    `until ${until ?? "the end"} of the run, whether ${hangs ? "the hang recovers by itself" : "a name server answers"}`,
  ],
};

/** Ends with an empty line; the whole report follows it. */
export function interimText(snapshot: Snapshot, language?: InterimLanguage): string {
  const { awaitedUntilMs, elapsedMs, address } = snapshot;
  const texts = language?.interim ?? ENGLISH_INTERIM;
  const { verdict, reason, findings } = diagnosisIn(language, snapshot);
  const root = rootCause(findings);
  const [fix] = root?.fixes ?? [];
  const until = awaitedUntilMs === null ? null : duration(awaitedUntilMs);
  const lines = [
    ...hanging(...texts.soFar({ elapsed: duration(elapsedMs), verdict, reason })),
    ...(root === undefined ? [] : hanging(...texts.cause(root))),
    ...(fix === undefined ? [] : fixLines(fix, "  ", texts.fix(fix))),
    ...hanging(...texts.waiting({ until, hangs: address !== null })),
    "",
  ];
  return `${lines.map(printable).join("\n")}\n`;
}

/** What rules say is written out anew: a snapshot has it in English. */
function diagnosisIn(language: InterimLanguage | undefined, snapshot: Snapshot): Diagnosis {
  if (language === undefined) return snapshot.diagnosis;
  const { of } = language;
  const data = diagnose(snapshot.path);
  const { reason, ...rest } = publishedDiagnosis(data, of.writtenOut);
  return { ...rest, reason: of.reason(rootOf(data)?.cause ?? null, reason) };
}
