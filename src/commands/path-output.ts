// What `wsl-trace path` prints at its end, as text or as JSON.

import { comparisonText, oneLine } from "../report/compare.ts";
import { languageOf } from "../report/languages.ts";
import { textReport } from "../report/text.ts";
import type { Report } from "../schema/report.ts";
import type { LanguageCode } from "../schema/run-choices.ts";
import type { PathDeps, PathRequest } from "./path-request.ts";
import { shareable } from "./shareable.ts";
import type { Sink } from "./sink.ts";

export { interimText } from "../report/interim.ts";
export { languageOf } from "../report/languages.ts";
export { exitCodeOf, exitCodeOfAll, makeReport } from "../report/make.ts";
// One module to load at a run's end instead of three.
export { hangLine, programSummary } from "../report/text-program-run.ts";

/** To the terminal or the pipe, and to the file of --report. */
export async function printReports(
  reports: readonly Report[],
  request: Pick<PathRequest, "reportFile" | "json" | "quiet" | "explainRun" | "lang" | "redaction">,
  { print, report: file }: Pick<PathDeps, "print"> & { readonly report: Sink | null },
): Promise<void> {
  const [only] = reports;
  if (only === undefined) return;
  const isShared = request.json || request.reportFile !== null;
  const shared = isShared
    ? await Promise.all(reports.map((report) => shareable(report, request.redaction)))
    : [];
  if (file !== null && request.reportFile !== null) {
    file.write(await fileText(request.reportFile, shared, request.lang));
  }
  if (request.json) print(await jsonOf(shared));
  else if (request.quiet) print(`${reports.map((one) => oneLine(one)).join("\n")}\n`);
  else if (request.lang !== undefined && request.lang !== "en")
    print(await textsIn(request.lang, reports));
  else if (request.explainRun === true) print(await explanationsOf(reports));
  // The screen is gone by now, and leaves nothing behind.
  else print(reports.map(textReport).join("\n"));
  if (request.json || reports.length === 1) return;
  print(comparisonText(reports, (await languageOf(request.lang ?? "en"))?.comparison));
}

/** A report's file, as its extension says. */
async function fileText(
  file: string,
  reports: readonly Report[],
  lang: LanguageCode = "en",
): Promise<string> {
  if (file.endsWith(".json")) return jsonOf(reports);
  if (!/\.(md|html)$/.test(file)) {
    return lang === "en" ? reports.map(textReport).join("\n") : textsIn(lang, reports);
  }
  const { faceOf } = await import("../report/faces/face.ts");
  return faceOf(file, reports, { language: await languageOf(lang) });
}

async function textsIn(
  lang: Exclude<LanguageCode, "en">,
  reports: readonly Report[],
): Promise<string> {
  const { textIn } = await import("./text-in.ts");
  return (await Promise.all(reports.map((report) => textIn(lang, report)))).join("\n");
}

async function explanationsOf(reports: readonly Report[]): Promise<string> {
  const { explanation } = await import("../report/text-trace.ts");
  return reports.map((report) => explanation(report)).join("\n");
}

/** Schemas are loaded where JSON is wanted: output is checked against them. */
async function jsonOf(reports: readonly Report[]): Promise<string> {
  const { jsonReports } = await import("../report/json.ts");
  return jsonReports(reports);
}
