// Two reports redacted together, so that what is equal in both has one pseudonym in both.

import type { Report } from "../../schema/report.ts";
import { makeReport } from "../make.ts";
import { type RedactOptions, redactEvents } from "../redact/events.ts";
import { sameDiagnosis } from "../redact/same-diagnosis.ts";

/** Both as they may be shown to others. */
export function redactedPair(
  before: Report,
  after: Report,
  options: RedactOptions,
): readonly [Report, Report] {
  const made = (relocate: boolean): readonly [Report, Report] => {
    const all = [...before.events, ...after.events];
    const { events, replaced } = redactEvents(all, options, relocate);
    const redaction = { applied: true, replaced };
    const reportOf = (from: number, to?: number): Report => {
      return { ...makeReport(events.slice(from, to)), redaction };
    };
    return [reportOf(0, before.events.length), reportOf(before.events.length)];
  };
  const [was, is] = made(true);
  // As with one report: where routes cut up the whole address space.
  const isSame = sameDiagnosis(before, was) && sameDiagnosis(after, is);
  return isSame ? [was, is] : made(false);
}
