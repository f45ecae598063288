// A report as a collector gets it: the verdict, every finding, every stage and figure, and nothing that redaction hides.

import { describe, expect, it } from "vitest";
import { makeReport } from "../../../../src/report/make.ts";
import { redact } from "../../../../src/report/redact/redact.ts";
import { sendNotice } from "../../../../src/report/telemetry/notice.ts";
import { telemetryOf } from "../../../../src/report/telemetry/telemetry.ts";
import { parseRecording } from "../../../../src/schema/recording.ts";
import { readEvents, readRecordings, readRecordingText } from "../../../recordings/files.ts";

const FAULT = "provider-inbound-blackhole.user.ndjson.gz";

const LOSSY = "path-loss.root.1.ndjson.gz";

const sharedOf = (file: string) => redact(makeReport(readEvents(file)), { target: false });

describe("a run that found a fault", () => {
  const report = sharedOf(FAULT);
  const sent = telemetryOf(report);

  it("has the verdict, the cause and its place on the trace and on the log record", () => {
    const expected = {
      "wsl_trace.verdict": "fault",
      "wsl_trace.cause": "pmtu-inbound-blackhole",
      "wsl_trace.between": "linux-nic destination",
      "wsl_trace.direction": "inbound",
      "wsl_trace.pmtu.inbound": 1452,
      "server.address": "github.com",
    };
    expect(sent.root.attributes).toMatchObject(expected);
    expect(sent.log.attributes).toMatchObject(expected);
    expect(sent.log.severity).toBe("error");
    expect(sent.log.body).toContain("verdict: fault.");
    expect(sent.root.error).toBe(report.reason);
  });

  it("has each finding as an event of the trace, within the run", () => {
    expect(sent.root.events.map(({ attributes }) => attributes["wsl_trace.cause"])).toEqual(
      report.findings.map(({ cause }) => cause),
    );
    for (const { atMs } of sent.root.events) expect(atMs).toBeLessThanOrEqual(sent.root.endMs);
  });

  it("has a span for each stage that ran, in their order, and the failed one says so", () => {
    const stages = sent.spans.filter(({ attributes }) => "wsl_trace.stage" in attributes);
    expect(stages.map(({ name }) => name)).toEqual(["resolve", "route", "reach", "connect", "tls"]);
    expect(stages.filter(({ error }) => error !== null).map(({ name }) => name)).toEqual(["tls"]);
    const [, , , connect, tls] = stages;
    expect(tls?.startMs).toBeGreaterThanOrEqual(connect?.endMs ?? Number.NaN);
  });

  it("has no figure for what was not measured", () => {
    const names = sent.figures.map(({ name }) => name);
    expect(names).toContain("wsl_trace.pmtu");
    expect(names).not.toContain("wsl_trace.loss");
    const stages = sent.figures.filter(({ name }) => name === "wsl_trace.stage.duration");
    const timed = report.stages.filter(({ ms }) => ms !== null);
    expect(stages.map(({ value }) => value * 1000)).toEqual(timed.map(({ ms }) => ms));
  });
});

it("loss that was measured is a ratio", () => {
  const report = sharedOf(LOSSY);
  const loss = telemetryOf(report).figures.filter(({ name }) => name === "wsl_trace.loss");
  const [{ value = Number.NaN } = {}] = loss;
  expect(loss).toHaveLength(1);
  expect(value).toBeGreaterThan(0);
  expect(value).toBeLessThan(1);
});

it("every recording becomes one, whose spans lie within it and whose counts are its own", () => {
  for (const { files } of readRecordings().filter((_, index) => index % 40 === 0)) {
    const report = makeReport(readEvents(files[0] ?? ""));
    const { root, spans, figures } = telemetryOf(report);
    for (const { startMs, endMs, name } of spans) {
      expect(startMs, name).toBeGreaterThanOrEqual(0);
      expect(endMs, name).toBeGreaterThanOrEqual(startMs);
    }
    expect(root.endMs).toBe(report.durationMs);
    const counted = figures.filter(({ name }) => name === "wsl_trace.findings");
    expect(counted).toHaveLength(report.findings.length);
    for (const { value } of figures) expect(Number.isFinite(value)).toBe(true);
  }
});

it("what redaction hides is nowhere in what is sent", () => {
  const recorded = readRecordingText(FAULT).replaceAll("github.com", "git.corp.example");
  const report = makeReport(parseRecording(recorded, FAULT));
  const hidden = redact(report, { target: true });
  expect(JSON.stringify(telemetryOf(report))).toContain("git.corp.example");
  expect(JSON.stringify(telemetryOf(hidden))).not.toContain("corp.example");
});

describe("the line about it", () => {
  const sent = { endpoint: "http://c:4318", variable: null, problems: [], later: null };
  it("is none where an option asked for it and it arrived", () => {
    expect(sendNotice(sent)).toBeNull();
  });
  it("names the variable that asked for it", () => {
    const variable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    expect(sendNotice({ ...sent, variable })).toBe(
      `sent to http://c:4318, as ${variable} asks for`,
    );
  });
  it("is one line, with the reason, and the recording that can be sent later", () => {
    const problems = ["connect ECONNREFUSED\n\u001b[2J"];
    const line = sendNotice({ ...sent, problems, later: "/home/a/last.ndjson" });
    expect(line).toBe(
      "not sent to http://c:4318: connect ECONNREFUSED\\x0a\\x1b[2J; later: wsl-trace replay /home/a/last.ndjson, with the same --otlp",
    );
  });
});
