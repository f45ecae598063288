// Text report and screen say of a finding the same words, and its page has words of its own: twelve recordings, one
// for each area of causes.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CAUSES } from "../../src/diagnosis/causes/list.ts";
import { EMPTY_PATH } from "../../src/model/path.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";
import { makeReport } from "../../src/report/make.ts";
import { textReport } from "../../src/report/text.ts";
import type { Report } from "../../src/schema/report.ts";
import { textOf } from "../../ui/lines.ts";
import { verdictLines } from "../../ui/verdict-lines.ts";
import { readEvents, readRecordings } from "../recordings/files.ts";

/** The first recording whose root cause is of that area. */
const RECORDINGS = readRecordings();
const AREAS = [...new Set(CAUSES.map(({ area }) => area))].flatMap((area) => {
  const found = RECORDINGS.find(({ right: [outcome] }) =>
    CAUSES.some((cause) => cause.area === area && cause.id === outcome?.findings[0]?.cause),
  );
  return found === undefined ? [] : [{ area, file: found.files[0] ?? "" }];
});

it("ten areas or more have a recording", () => {
  expect(AREAS.length).toBeGreaterThanOrEqual(10);
});

describe("a finding of", () => {
  it.each(AREAS)("$area reads alike as text and on the screen", ({ area, file }) => {
    const report = makeReport(readEvents(file));
    const [finding] = report.findings;
    if (finding === undefined) throw new Error(`${file} has no finding`);
    const text = squeezed(textReport(report));
    const screen = squeezed(screenOf(report));
    const page = readFileSync(
      new URL(`../../src/diagnosis/causes/${area}/${finding.cause}.md`, import.meta.url),
      "utf8",
    );
    for (const words of [finding.summary, ...finding.fixes.map(({ title }) => title)]) {
      expect(text).toContain(squeezed(words));
      expect(screen).toContain(squeezed(words));
    }
    expect(squeezed(page)).not.toContain(squeezed(finding.summary));
    for (const { because } of finding.ruledOut) {
      expect(text).toContain(squeezed(because));
      expect(screen).toContain(squeezed(because));
    }
  });
});

/** Lines are broken in different places. */
function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

function screenOf(report: Report): string {
  const snapshot: Snapshot = {
    target: { ...report.target, scheme: "https", path: "/" },
    address: report.target.address,
    vantage: null,
    diagnosis: { ...report, reason: "", notChecked: [] },
    activity: null,
    awaitedUntilMs: null,
    finished: true,
    elapsedMs: report.durationMs,
    kernel: report.kernel ?? null,
    packetsSent: report.packetsSent,
    waiting: null,
    path: EMPTY_PATH,
    events: report.events,
  };
  const lines = verdictLines(snapshot, { columns: 80, details: true, short: false });
  return lines.map(textOf).join("\n");
}
