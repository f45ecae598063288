// A redacted recording states what the run stated: verdict, causes, places and sizes.

import { describe, expect, it } from "vitest";
import { makeReport } from "../../../../src/report/make.ts";
import { redactEvents } from "../../../../src/report/redact/events.ts";
import { sameDiagnosis } from "../../../../src/report/redact/same-diagnosis.ts";
import { parseRecording } from "../../../../src/schema/recording.ts";
import { recordingHeader, recordingLine } from "../../../../src/schema/recording-lines.ts";
import { propertyRuns } from "../../../builders/property-runs.ts";
import { readRecordings, readRecordingText } from "../../../recordings/files.ts";

const ALL = 1000;
const files = readRecordings().flatMap((recording) => recording.files);
const chosen = files.filter((_, n) => n % (ALL / propertyRuns(ALL)) === 0);

/** The lab's addresses are those of documentation, which stay: as public ones they are replaced. */
function withPublicAddresses(recording: string): string {
  return recording
    .replaceAll("198.51.100.", "93.184.216.")
    .replaceAll("203.0.113.", "81.2.69.")
    .replaceAll(/192\.0\.2\.(?!1\b)/g, "140.82.121.")
    .replaceAll("2001:db8:", "2a02:810:");
}

describe.each([
  ["as it is", (text: string) => text, false],
  ["with public addresses", withPublicAddresses, false],
  ["with public addresses and its target replaced", withPublicAddresses, true],
] as const)("a recording %s", (_, prepare, target) => {
  it.each(chosen)("%s replays to the same diagnosis when it is redacted", (file) => {
    const report = makeReport(parseRecording(prepare(readRecordingText(file)), file));
    const { events } = redactEvents(report.events, { target });
    const written = recordingHeader(true) + events.map(recordingLine).join("");
    if (target) expect(written).not.toMatch(/93\.184\.216|81\.2\.69|140\.82\.121|2a02:810/);
    expect(sameDiagnosis(report, makeReport(parseRecording(written, file)))).toBe(true);
  });
});
