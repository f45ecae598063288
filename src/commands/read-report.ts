// Reads a finished run from the text of a file: a recording, or a report in JSON.

import { messageOf, TraceError } from "../errors.ts";
import { REPORT_SCHEMA } from "../schema/constants.ts";
import { type Report, report as reportSchema } from "../schema/report.ts";
import { reportOf } from "./replay.ts";

/**
 * The header of a recording is JSON as well: the schema tells which it is.
 * @param file what the messages call it
 * @throws TraceError when the text is neither a whole recording nor a report of one target
 */
export function readReport(text: string, file: string): Report {
  const [only, ...others] = readReports(text, file);
  if (only !== undefined && others.length === 0) return only;
  const message = `${file} holds the reports of ${others.length + 1} targets: give the file of one`;
  throw new TraceError("report-of-several", message);
}

/**
 * The same, where a report may be of several targets: at least one.
 * @throws TraceError when the text is neither a whole recording nor a report
 */
export function readReports(text: string, file: string): readonly Report[] {
  if (!text.slice(0, HEAD).includes(REPORT_SCHEMA)) return [reportOf(text, file)];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? REPORTS.parse(read) : [reportSchema.parse(read)];
  } catch (error) {
    throw unreadableReport(file, error);
  }
}

const REPORTS = reportSchema.array().min(1);

function unreadableReport(file: string, cause: unknown): TraceError {
  const message = `the report ${file} cannot be read (${whyNot(cause)}): give a file that --report wrote, or a recording`;
  return new TraceError("report-unreadable", message, { cause });
}

/** zod's own message is a list in JSON. */
function whyNot(cause: unknown): string {
  return cause instanceof SyntaxError ? messageOf(cause).slice(0, HEAD) : "not in the form of one";
}

/** The schema's name stands in the first lines. */
const HEAD = 200;
