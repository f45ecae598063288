// What others may see of a report; the terminal shows real names.

import type { Report } from "../schema/report.ts";
import type { Redaction } from "./readers.ts";

/** Loaded late: most runs are for their user alone. */
export async function shareable(report: Report, { applied, target }: Redaction): Promise<Report> {
  const { redact, unredacted } = await import("../report/redact/redact.ts");
  return applied ? redact(report, { target }) : unredacted(report);
}
