// A comparison as Markdown: a table of the changes, and lists of the rest.

import { markdownText } from "../markdown/escape.ts";
import type { Diff } from "./diff.ts";
import {
  AREA_TITLES,
  BESIDE_TITLE,
  headline,
  markOf,
  redactedLine,
  runLine,
  UNCLEAR_TITLE,
  valuesOf,
} from "./words.ts";

/** Ends with a newline. */
export function diffMarkdown(diff: Diff): string {
  const { changes, unclear, beside } = diff;
  const redacted = redactedLine(diff);
  const lines = [
    `## ${markdownText(headline(diff))}`,
    "",
    `- before: ${markdownText(runLine(diff.before))}`,
    `- after: ${markdownText(runLine(diff.after))}`,
    ...(redacted === null ? [] : [`- redacted: ${redacted}`]),
    ...(changes.length === 0 ? [] : changeTable(diff)),
    ...section(
      UNCLEAR_TITLE,
      unclear.map((one) => `- ${markdownText(`${one.what}: ${valuesOf(one)}; ${one.because}`)}`),
    ),
    ...section(
      BESIDE_TITLE,
      beside.map((one) => `- ${markdownText(`${one.what}: ${valuesOf(one)}`)}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function changeTable({ changes }: Diff): readonly string[] {
  const rows = changes.map((change) => {
    const { area, what, before, after } = change;
    const cells = [markOf(change), AREA_TITLES[area], what, before ?? "", after ?? ""];
    return `| ${cells.map((cell) => markdownText(cell)).join(" | ")} |`;
  });
  return ["", "| | where | what | before | after |", "| --- | --- | --- | --- | --- |", ...rows];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", `### ${title}`, "", ...lines];
}
