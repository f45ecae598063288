// A report as Markdown for an issue tracker: the verdict first, then what the reader asks for, in the reader's order.

import type { Report } from "../../schema/report.ts";
import type { FaceTexts } from "../faces/texts.ts";
import { detailSections } from "./details.ts";
import {
  actualSection,
  chartSection,
  environmentSections,
  expectedSection,
  fixSection,
  heading,
  type Page,
  type Room,
  redactionLine,
  reproSection,
  traceSection,
  verdictSection,
} from "./sections.ts";

/** Who reads it: WSL's issue form, whoever supports the VPN, or any tracker. */
export const READERS = ["wsl", "vpn-client", "issue"] as const;
export type Reader = (typeof READERS)[number];

/** GitHub refuses bodies of 65,536 characters and more; some room is left for what a person adds. */
export const MOST_CHARACTERS = 60_000;

/** @param reports one for each target; together they stay below the limit */
export function markdownReport(
  reports: readonly Report[],
  reader: Reader,
  texts: FaceTexts,
): string {
  const share = Math.floor(MOST_CHARACTERS / Math.max(1, reports.length)) - 1;
  return reports.map((report) => fitting(report, reader, texts, share)).join("\n");
}

/** From everything to the bare argument. */
const ROOMS: readonly Room[] = [
  { text: 1000, list: 40, details: true, chart: true },
  { text: 400, list: 20, details: true, chart: true },
  { text: 240, list: 10, details: true, chart: true },
  { text: 240, list: 6, details: false, chart: true },
  { text: 160, list: 3, details: false, chart: false },
  { text: 80, list: 1, details: false, chart: false },
];

function fitting(report: Report, reader: Reader, texts: FaceTexts, limit: number): string {
  const notice = `\n_${texts.shortened(MOST_CHARACTERS)}_\n`;
  const [first, ...smaller] = ROOMS.map((room) => written({ report, texts, room }, reader));
  const whole = first ?? "";
  if (whole.length <= limit) return whole;
  const room = limit - notice.length;
  const shorter = smaller.find((text) => text.length <= room) ?? cut(smaller.at(-1) ?? "", room);
  return `${shorter}${notice}`;
}

/** By whole lines, and never inside a block of code that is still open. */
function cut(text: string, most: number): string {
  const lines = text.slice(0, most).split("\n").slice(0, -1);
  const fences = lines.flatMap((line, at) => (/^`{3,}/.test(line) ? [at] : []));
  const kept = fences.length % 2 === 0 ? lines : lines.slice(0, fences.at(-1));
  return `${kept.join("\n")}\n`;
}

function written(page: Page, reader: Reader): string {
  const environment = environmentSections(page);
  const fields = {
    ...environment,
    repro: reproSection(page),
    expected: expectedSection(page),
    actual: actualSection(page),
    trace: traceSection(page),
    chart: chartSection(page),
  };
  const sections = [
    verdictSection(page),
    fixSection(page),
    ...ORDERS[reader].map((key) => (key === "diagnostics" ? diagnostics(page) : fields[key])),
    detailSections(page),
    redactionLine(page),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join("\n").trimEnd()).join("\n\n")}\n`;
}

type Field =
  | keyof ReturnType<typeof environmentSections>
  | "repro"
  | "expected"
  | "actual"
  | "diagnostics"
  | "trace"
  | "chart";

/** The fields of microsoft/WSL's bug form in its order; the two others put first what their reader looks for. */
const ORDERS: Readonly<Record<Reader, readonly Field[]>> = {
  wsl: [
    "windowsVersion",
    "wslVersion",
    "wslKind",
    "kernel",
    "distribution",
    "software",
    "repro",
    "expected",
    "actual",
    "diagnostics",
    "trace",
    "chart",
  ],
  "vpn-client": [
    "software",
    "windowsVersion",
    "actual",
    "expected",
    "chart",
    "trace",
    "repro",
    "wslVersion",
    "wslKind",
    "kernel",
    "distribution",
  ],
  issue: [
    "actual",
    "expected",
    "repro",
    "trace",
    "chart",
    "wslKind",
    "kernel",
    "distribution",
    "windowsVersion",
    "wslVersion",
    "software",
  ],
};

function diagnostics({ texts }: Page): readonly string[] {
  return [heading(3, texts.headings.diagnostics)];
}
