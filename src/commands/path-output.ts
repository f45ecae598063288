// What `wsl-trace path` prints at its end, as text or as JSON.

import { comparisonText, oneLine } from "../report/compare.ts";
import { textReport } from "../report/text.ts";
import type { Report } from "../schema/report.ts";
import type { PathDeps, PathRequest } from "./path-request.ts";

// One module to load at a run's end instead of two.
export { exitCodeOf, makeReport } from "../report/make.ts";

/** To the terminal or the pipe, and to the file of --report. */
export async function printReports(
  reports: readonly Report[],
  request: Pick<PathRequest, "reportFile" | "json" | "quiet">,
  deps: Pick<PathDeps, "openFile" | "print" | "show">,
): Promise<void> {
  const [only] = reports;
  if (only === undefined) return;
  if (request.reportFile !== null) {
    const file = deps.openFile(request.reportFile);
    const asJson = request.reportFile.endsWith(".json");
    file.write(asJson ? await jsonOf(reports) : reports.map(textReport).join("\n"));
    file.close();
  }
  if (request.json) deps.print(await jsonOf(reports));
  else if (request.quiet) deps.print(`${reports.map(oneLine).join("\n")}\n`);
  else if (deps.show === null) deps.print(reports.map(textReport).join("\n"));
  if (!request.json && reports.length > 1) deps.print(comparisonText(reports));
}

/** Schemas are loaded where JSON is wanted: output is checked against them. */
async function jsonOf(reports: readonly Report[]): Promise<string> {
  const { jsonReport } = await import("../report/json.ts");
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return jsonReport(only);
  const indented = reports.map((report) => jsonReport(report).trimEnd().replace(/^/gm, "  "));
  return `[\n${indented.join(",\n")}\n]\n`;
}
