// The report as JSON: the published shape and nothing else, byte-identical for equal reports.

import { indentedJson } from "../schema/recording-lines.ts";
import { type Report, report as reportSchema } from "../schema/report.ts";

/** Two-space JSON with a newline at its end, keys in the schema's order. */
export function jsonReport(report: Report): string {
  // Parsing drops what the schema does not name and puts the keys into its order.
  return indentedJson(reportSchema.parse(report));
}

/** Of one target its report, of several a list of them. */
export function jsonReports(reports: readonly Report[]): string {
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return jsonReport(only);
  return indentedJson(reports.map((report) => reportSchema.parse(report)));
}
