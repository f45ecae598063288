// Writes findings as plain text: what was found, how surely, what was ruled out, and the commands that fix it.

import type { Finding, Fix } from "../schema/verdict.ts";
import { hanging, padded } from "./text-layout.ts";
import { fixHeading, placeOf, SHELLS } from "./words/finding.ts";

/** All findings, the root cause first. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap((finding, index) => [
    ...(index === 0 ? [] : [""]),
    ...oneFinding(finding, index),
  ]);
}

/** Where a finding sits: "at vpn-adapter, inbound", "between nat and vpn-gateway". */
export function formatLocation(finding: Finding): string {
  const { at, towards } = placeOf(finding);
  return [at ?? "location unknown", towards].filter((part) => part !== null).join(", ");
}

/** "almost certain (0.98)". */
function formatConfidence(confidence: number): string {
  const word = CONFIDENCE_WORDS.find(([least]) => confidence >= least)?.[1] ?? "a guess";
  return `${word} (${confidence.toFixed(2)})`;
}

/** Where to run it, whether it lasts, and the commands, ready to be copied. */
export function fixLines(fix: Fix, indent: string, heading = fixHeading(fix)): string[] {
  const { prompt } = SHELLS[fix.where];
  return [
    ...hanging(indent, heading),
    // A command is never wrapped: it has to survive copy and paste.
    ...fix.commands.map((command) => `${indent}  ${prompt} ${command}`),
  ];
}

/** The root cause, its place, and how sure it is; nothing without one. */
export function formatCause(findings: readonly Finding[]): string[] {
  const root = rootCause(findings);
  return root === undefined ? [] : hanging(...causeLine(root));
}

/** What hangs, and what it hangs under. */
export function causeLine(root: Finding): readonly [lead: string, text: string] {
  const { cause, confidence } = root;
  const where = `${formatLocation(root)}; ${formatConfidence(confidence)}`;
  return ["cause: ", `${cause} ${where}. More: wsl-trace explain ${cause}`];
}

/** What to do first about it. */
export function firstFixLines(findings: readonly Finding[]): string[] {
  const fix = rootCause(findings)?.fixes[0];
  return fix === undefined ? [] : fixLines(fix, "  ");
}

/** The finding that stops the user first; notes stop nobody. */
export function rootCause(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity !== "note");
}

const CONFIDENCE_WORDS: readonly (readonly [number, string])[] = [
  [0.95, "almost certain"],
  [0.8, "very likely"],
  [0.6, "likely"],
  [0.4, "possible"],
];

const INDENT = "   ";
const LABEL_WIDTH = 11;

function oneFinding(finding: Finding, index: number): string[] {
  const role = index === 0 && finding.severity !== "note" ? ", root cause" : "";
  return [
    ...hanging(`${index + 1}. `, `${finding.cause} [${finding.severity}${role}]`),
    ...hanging(INDENT, `${formatLocation(finding)}; ${formatConfidence(finding.confidence)}`),
    ...hanging(INDENT, finding.summary),
    ...labelled("evidence", finding.evidence.join(" ")),
    ...finding.ruledOut.flatMap(({ cause, because, evidence }) =>
      labelled("ruled out", `${cause}, because ${because}${idsInParentheses(evidence)}`),
    ),
    ...finding.fixes.flatMap((fix) => ["", ...fixLines(fix, INDENT)]),
  ];
}

function labelled(label: string, text: string): string[] {
  return text === "" ? [] : hanging(INDENT + padded(label, LABEL_WIDTH), text);
}

function idsInParentheses(ids: readonly string[]): string {
  return ids.length === 0 ? "" : ` (${ids.join(" ")})`;
}
