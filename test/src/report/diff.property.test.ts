// Every recording beside itself and beside the one before it: no change without a difference, and each way around alike.

import { expect, it } from "vitest";
import { diffOf } from "../../../src/report/diff/diff.ts";
import { diffMarkdown } from "../../../src/report/diff/markdown.ts";
import { diffText } from "../../../src/report/diff/text.ts";
import { makeReport } from "../../../src/report/make.ts";
import { propertyRuns } from "../../builders/property-runs.ts";
import { readEvents, readRecordings } from "../../recordings/files.ts";

const ALL = 1000;
const files = readRecordings().flatMap((recording) => recording.files);
const chosen = files.filter((_, n) => n % (ALL / propertyRuns(ALL)) === 0);

it.each(chosen)("%s is no other than itself, and differs both ways alike", (file) => {
  const report = makeReport(readEvents(file));
  const { changes, unclear, beside } = diffOf(report, report);
  expect({ changes, unclear, beside }).toEqual({ changes: [], unclear: [], beside: [] });
  const other = makeReport(readEvents(files[Math.max(0, files.indexOf(file) - 1)] ?? file));
  const [there, back] = [diffOf(report, other), diffOf(other, report)];
  const keys = ({ changes: all }: typeof there) => all.map(({ area, what }) => `${area} ${what}`);
  expect(keys(there).sort()).toEqual(keys(back).sort());
  expect(diffText(there).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
  expect(diffMarkdown(there)).toMatch(/\n$/);
});
