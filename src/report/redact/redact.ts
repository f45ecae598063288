// The report that may be shown to others: made anew from the redacted events, so that every sentence in it is redacted too.

import type { Report } from "../../schema/report.ts";
import { makeReport } from "../make.ts";
import type { Language } from "../trace/language.ts";
import { type RedactOptions, redactEvents } from "./events.ts";
import { sameDiagnosis } from "./same-diagnosis.ts";
import type { Replace } from "./values.ts";

// One module to load for reports, `env`, `host` and `drops`: each of its own would be a file more for every start.
export { createDropRedactor, redactSnapshot } from "./alone.ts";
export { redactEvents } from "./events.ts";

/** The report of the redacted recording. It has the verdict, causes, places and sizes of the original. */
export function redact(report: Report, options: RedactOptions, language?: Language): Report {
  return redactWithNames(report, options, language).report;
}

/** The same, and what does as much to any other text of this run. */
export function redactWithNames(
  report: Report,
  options: RedactOptions,
  language?: Language,
): { readonly report: Report; readonly replace: Replace } {
  const made = (relocate: boolean) => {
    const { events, replaced, replace } = redactEvents(report.events, options, relocate);
    const redacted = makeReport(events, language);
    return { report: { ...redacted, redaction: { applied: true, replaced } }, replace };
  };
  const placed = made(true);
  // Routes cut up the whole address space: only pseudonyms all over it leave the same route to each.
  return sameDiagnosis(report, placed.report) ? placed : made(false);
}

/** The report as it is, which says that it names names. */
export function unredacted(report: Report): Report {
  return { ...report, redaction: { applied: false, replaced: [] } };
}
