// Reports and recordings as they are shared, read by the published schemas.

import { expect, it } from "vitest";
import { shareableEnv } from "../../../src/commands/env.ts";
import { jsonReport } from "../../../src/report/json.ts";
import { makeReport } from "../../../src/report/make.ts";
import { redact } from "../../../src/report/redact/redact.ts";
import { indentedJson } from "../../../src/schema/recording-lines.ts";
import { complaints, validatorOf } from "../../builders/json-schema.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { readEvents, readRecordings, readRecordingText } from "../../recordings/files.ts";

const ALL = 1000;
const files = readRecordings().flatMap((recording) => recording.files);
const chosen = files.filter((_, n) => n % (ALL / propertyRuns(ALL)) === 0);

const validate = {
  report: validatorOf("report"),
  event: validatorOf("event"),
  env: validatorOf("env"),
};

it.each(chosen)("the redacted report of %s is one of its schema", (file) => {
  const shared = redact(makeReport(readEvents(file)), { target: false });
  expect(complaints(validate.report, JSON.parse(jsonReport(shared)))).toEqual([]);
});

it.each(chosen)("each line of %s is an event of its schema", (file) => {
  const [, ...lines] = readRecordingText(file).trimEnd().split("\n");
  for (const line of lines) expect(complaints(validate.event, JSON.parse(line))).toEqual([]);
});

it.each(chosen)("what env makes of %s is a report of its schema", async (file) => {
  const report = await shareableEnv(readEvents(file), { applied: true, target: false });
  expect(complaints(validate.env, JSON.parse(indentedJson(report)))).toEqual([]);
});
