// The parts of a report in Markdown, each under its heading; nothing here is longer than its limits allow.

import { causeOf } from "../../diagnosis/causes/list.ts";
import type { Report } from "../../schema/report.ts";
import type { TraceConclusion, TraceStep } from "../../schema/trace-step.ts";
import type { Fix } from "../../schema/verdict.ts";
import { environmentOf, redactedKinds } from "../faces/environment.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { lastingOf } from "../words/lasts.ts";
import { markdownBlock, markdownCode, markdownText } from "./escape.ts";
import { mermaidChart } from "./mermaid.ts";

/** How much of everything there is room for. */
export interface Room {
  /** Characters of one text. */
  readonly text: number;
  /** Ids of events beside a step, and rows of a list. */
  readonly list: number;
  readonly details: boolean;
  readonly chart: boolean;
}

export interface Page {
  readonly report: Report;
  readonly texts: FaceTexts;
  readonly room: Room;
}

/** Cause, place and fix in the first lines: all that a hurried reader sees. */
export function verdictSection(page: Page): readonly string[] {
  const { report, texts, room } = page;
  const { labels, verdicts } = texts;
  const { conclusion } = report.trace.at(-1) ?? { conclusion: null };
  const reason =
    report.verdict === "inconclusive" ? report.reason : (conclusion?.title ?? report.reason);
  return [
    heading(2, `${texts.headings.verdict}: ${verdicts[report.verdict]}`),
    `**${markdownText(reason, room.text)}**`,
    "",
    ...(conclusion?.cause == null ? [] : causeLines(conclusion, page)),
    `- ${labels.target}: ${markdownCode(report.target.input, room.text)} (${report.target.address ?? labels.none}, ${report.target.port})`,
    `- ${labels.startedAt}: ${markdownText(report.startedAt)}, wsl-trace ${markdownText(report.version)}, ${report.packetsSent} ${labels.packets}`,
  ];
}

function causeLines(
  { cause, place, confidence, mendedBy }: TraceConclusion,
  { report, texts, room }: Page,
): readonly string[] {
  const { labels } = texts;
  const root = report.findings.find((one) => one.cause === cause);
  const way = root?.direction ?? null;
  const ways =
    way === "both" ? [labels.outbound, labels.inbound] : way === null ? [] : [labels[way]];
  return [
    `- ${labels.cause}: ${markdownCode(cause ?? "")} (${labels.confidence} ${confidence?.toFixed(2)})`,
    `- ${labels.place}: ${markdownText(place, room.text)}`,
    // Whose figures decide: which router, which size, which port.
    ...(root === undefined ? [] : [`- ${labels.detail}: ${markdownText(root.summary, room.text)}`]),
    ...(ways.length === 0 ? [] : [`- ${labels.direction}: ${ways.join(", ").toLowerCase()}`]),
    ...(mendedBy === null ? [] : [`- ${labels.mendedBy}: ${markdownText(mendedBy, room.text)}`]),
  ];
}

export function fixSection({ report, texts, room }: Page): readonly string[] {
  const { conclusion } = report.trace.at(-1) ?? { conclusion: null };
  if (conclusion?.cause == null) return [];
  const { fix, checks } = conclusion;
  const { labels } = texts;
  return [
    heading(2, texts.headings.fix),
    ...(fix === null ? mendedByLines(conclusion, labels.none) : fixLines(fix, texts)),
    "",
    `${labels.check}:`,
    "",
    ...checks.flatMap(({ command, now, afterwards }) => [
      ...markdownBlock([command], "sh"),
      "",
      `${labels.now}: ${markdownText(now, room.text)}; ${labels.afterwards}: ${markdownText(afterwards, room.text)}`,
      "",
    ]),
  ];
}

function mendedByLines({ mendedBy, send }: TraceConclusion, none: string): readonly string[] {
  return [
    markdownText(mendedBy ?? none),
    ...(send === undefined ? [] : ["", ...markdownBlock([send], "sh")]),
  ];
}

function fixLines(fix: Fix, texts: FaceTexts): readonly string[] {
  const { title, where, commands } = fix;
  return [
    `${markdownText(title)} (${texts.shells[where]}; ${texts.lasts[lastingOf(fix)]}):`,
    "",
    ...markdownBlock(commands, where === "linux" ? "sh" : "powershell"),
  ];
}

export function environmentSections({
  report,
  texts,
}: Page): Record<EnvironmentKey, readonly string[]> {
  const { windows, wsl, wslKind, kernel, distribution, software } = environmentOf(report);
  const { headings, labels } = texts;
  const field = (title: string, value: string | null) => [
    heading(3, title),
    value === null ? `_${labels.notRead}_` : markdownText(value),
  ];
  return {
    windowsVersion: field(headings.windowsVersion, windows),
    wslVersion: field(headings.wslVersion, wsl),
    wslKind: field(headings.wslKind, wslKind),
    kernel: field(headings.kernel, kernel),
    distribution: field(headings.distribution, distribution),
    software: field(headings.software, software.length === 0 ? null : software.join("; ")),
  };
}

type EnvironmentKey =
  | "windowsVersion"
  | "wslVersion"
  | "wslKind"
  | "kernel"
  | "distribution"
  | "software";

export function reproSection({ report, texts }: Page): readonly string[] {
  const { conclusion } = report.trace.at(-1) ?? { conclusion: null };
  const commands = (conclusion?.checks ?? []).map(({ command }) => command);
  const own = `wsl-trace path ${report.target.input}`;
  return [
    heading(3, texts.headings.repro),
    ...markdownBlock(commands.length === 0 ? [own] : commands, "sh"),
  ];
}

export function expectedSection({ report, texts }: Page): readonly string[] {
  const { host, port } = report.target;
  const large = report.findings.some(({ cause }) => causeOf(cause)?.area === "sizes");
  return [
    heading(3, texts.headings.expected),
    markdownText(texts.expectation(`${host} (${port})`, large)),
  ];
}

export function actualSection({ report, texts, room }: Page): readonly string[] {
  const failing = report.trace.filter(({ result }) => result === "failing");
  const lines = failing.map(
    ({ tried, cameBack }) => `- ${markdownText(`${tried}: ${cameBack}`, room.text)}`,
  );
  return [
    heading(3, texts.headings.actual),
    ...(lines.length === 0 ? [markdownText(report.reason, room.text)] : lines),
  ];
}

export function traceSection(page: Page): readonly string[] {
  const { report, texts } = page;
  return [
    heading(3, texts.headings.trace),
    ...report.trace.flatMap((step) => stepLines(step, page)),
  ];
}

const RESULT_SIGNS = {
  healthy: "✅",
  context: "▫️",
  failing: "❌",
  narrows: "🔎",
  concludes: "➡️",
} as const satisfies Record<TraceStep["result"], string>;

function stepLines(step: TraceStep, { texts, room }: Page): readonly string[] {
  const { labels, steps, results } = texts;
  const at = step.segment === null ? "" : ` (${step.segment})`;
  const text = (words: string) => markdownText(words, room.text);
  const ids = step.evidence.slice(0, room.list).join(" ");
  const more = step.evidence.length - room.list;
  const ruledOut = step.rulesOut.slice(0, room.list);
  return [
    `${step.step}. ${RESULT_SIGNS[step.result]} **${steps[step.kind]}**${at}: ${results[step.result]}`,
    `   - ${labels.tried}: ${text(step.tried)}`,
    `   - ${labels.cameBack}: ${text(step.cameBack)}`,
    `   - ${labels.proves}: ${text(step.proves)}`,
    ...ruledOut.map(
      ({ cause, because }) => `   - ${labels.rulesOut}: ${markdownCode(cause)}: ${text(because)}`,
    ),
    `   - ${labels.evidence}: ${ids}${more > 0 ? ` ${texts.more(more)}` : ""}`,
  ];
}

export function chartSection({ report, texts, room }: Page): readonly string[] {
  if (!room.chart || report.chain.length === 0) return [];
  return [
    heading(3, texts.headings.chain),
    ...markdownBlock(mermaidChart(report, texts), "mermaid"),
  ];
}

export function redactionLine({ report, texts }: Page): readonly string[] {
  return [`${texts.redaction(redactedKinds(report))} ${texts.replayHint}`];
}

export function heading(level: number, text: string): string {
  return `${"#".repeat(level)} ${text}`;
}
