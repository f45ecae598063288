// No face of a redacted report holds a secret that was in any field of any event.

import { beforeAll, expect, it } from "vitest";
import { shareableEnv } from "../../../../src/commands/env.ts";
import { faceOf } from "../../../../src/report/faces/face.ts";
import { jsonReport } from "../../../../src/report/json.ts";
import { makeReport } from "../../../../src/report/make.ts";
import { captureFile } from "../../../../src/report/pcap/file.ts";
import { redact, unredacted } from "../../../../src/report/redact/redact.ts";
import { textReport } from "../../../../src/report/text.ts";
import { explanation } from "../../../../src/report/text-trace.ts";
import { recordingLine } from "../../../../src/schema/recording-lines.ts";
import type { Report } from "../../../../src/schema/report.ts";
import { packetTools } from "../../../../src/wiring/packets.ts";
import { type Seeded, seededRun } from "./seeded.ts";

let run: Seeded;
let report: Report;

beforeAll(() => {
  run = seededRun();
  report = makeReport(run.events);
});

it("the seeds reach every kind of event, and a report that is not redacted", () => {
  expect(new Set(run.events.map(({ kind }) => kind)).size).toBeGreaterThan(40);
  const json = jsonReport(unredacted(report));
  expect(run.secrets.filter((secret) => json.includes(secret)).length).toBeGreaterThan(200);
});

it("no face of a redacted report holds one, when the target is replaced too", async () => {
  const redacted = redact(report, { target: true });
  const faces = {
    json: jsonReport(redacted),
    text: textReport(redacted),
    trace: explanation(redacted),
    markdown: faceOf("x.md", [redacted]),
    // The hash of its own style sheet may hold any letters.
    html: faceOf("x.html", [redacted]).replace(/sha256-[\w+/=]+/, ""),
    recording: redacted.events.map(recordingLine).join(""),
    pcap: packetFile(),
    env: JSON.stringify(await shareableEnv(run.events, { applied: true, target: true })),
  };
  for (const [face, text] of Object.entries(faces)) {
    const leaked = [...run.secrets, "qz"].filter((secret) => text.toLowerCase().includes(secret));
    expect([face, leaked, around(text, leaked[0])]).toEqual([face, [], null]);
  }
});

function packetFile(): string {
  const runs = [{ report, capture: null }];
  const { bytes, packets } = captureFile(runs, packetTools, { target: true });
  expect(packets).toBeGreaterThan(3);
  return Buffer.from(bytes).toString("latin1");
}

function around(text: string, secret: string | undefined): string | null {
  if (secret === undefined) return null;
  const at = text.toLowerCase().indexOf(secret);
  return text.slice(Math.max(0, at - 100), at + 60);
}
