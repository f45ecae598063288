// Reads a finished run from the text of a file: a recording, or a report in JSON.

import { messageOf, TraceError } from "../errors.ts";
import { REPORT_SCHEMA } from "../schema/constants.ts";
import { type Report, report as reportSchema } from "../schema/report.ts";
import { reportOf } from "./replay.ts";

/**
 * The header of a recording is JSON as well: the schema tells which it is.
 * @param file what the messages call it
 * @throws TraceError when the text is neither a whole recording nor a report
 */
export function readReport(text: string, file: string): Report {
  if (!text.slice(0, HEAD).includes(REPORT_SCHEMA)) return reportOf(text, file);
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unreadableReport(file, error);
  }
}

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
