// What a collector gets, over HTTP and over gRPC, decoded by the protocol's published messages and compared with the run.

import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { sendTelemetry } from "../../../probes/otlp/send.ts";
import { type OtlpSettings, otlpSettings } from "../../../probes/otlp/settings.ts";
import { systemClock } from "../../../src/clock.ts";
import { makeReport } from "../../../src/report/make.ts";
import { telemetryOf } from "../../../src/report/telemetry/telemetry.ts";
import {
  type Arrived,
  type Collector,
  grpcCollector,
  httpCollector,
  type Metric,
} from "../../builders/collector.ts";
import { readEvents } from "../../recordings/files.ts";

const run = telemetryOf(makeReport(readEvents("provider-inbound-blackhole.user.ndjson.gz")));
const beganMs = Date.parse(run.startedAt);

const open: Collector[] = [];
afterEach(async () => {
  for (const collector of open.splice(0)) await collector.close();
});

function settingsOf(url: string, env: Readonly<Record<string, string>> = {}): OtlpSettings {
  const settings = otlpSettings(url, env);
  if (settings === null) throw new Error("off");
  return settings;
}

const send = (settings: OtlpSettings, runs = [run]) =>
  sendTelemetry(runs, settings, {
    clock: systemClock,
    signal: new AbortController().signal,
    hasTemporality: false,
  });

const PROTOCOLS = [
  { protocol: "http/protobuf", start: () => httpCollector() },
  { protocol: "grpc", start: () => grpcCollector() },
];

describe.each(PROTOCOLS)("over $protocol", ({ protocol, start }) => {
  const sent = async () => {
    const collector = await start();
    open.push(collector);
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
    expect(await send(settingsOf(collector.url, env))).toEqual([]);
    return collector.arrived;
  };

  it("the trace has every span at its time, below the one of the run", async () => {
    const spans = spansOf(await sent());
    const [root, ...others] = spans.filter(({ parentSpanId }) => (parentSpanId ?? "") === "");
    expect(others).toEqual([]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const children = spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId);
    expect(children.map(({ name }) => name)).toEqual(run.spans.map(({ name }) => name));
    for (const [index, { startMs, endMs }] of run.spans.entries()) {
      expect(children[index]?.startTimeUnixNano).toBeCloseTo(beganMs + startMs, 1);
      expect(children[index]?.endTimeUnixNano).toBeCloseTo(beganMs + endMs, 1);
    }
    expect(root?.attributes).toEqual(run.root.attributes);
    expect(root?.events.map((one) => one.attributes)).toEqual(
      run.root.events.map((one) => one.attributes),
    );
    expect(root?.status).toEqual({ code: "STATUS_CODE_ERROR", message: run.root.error });
  });

  it("the log record is the report, and leads to the trace", async () => {
    const arrived = await sent();
    const records = arrived.logs.flatMap(({ resourceLogs }) =>
      resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords)),
    );
    const [record] = records;
    expect(records).toHaveLength(1);
    expect(record?.body.stringValue).toBe(run.log.body);
    expect(record?.severityText).toBe("ERROR");
    expect(record?.attributes).toEqual(run.log.attributes);
    const [root] = spansOf(arrived).filter(({ parentSpanId }) => (parentSpanId ?? "") === "");
    expect([record?.traceId, record?.spanId]).toEqual([root?.traceId, root?.spanId]);
  });

  it("every figure arrives with its unit and its attributes, and counts are of this run alone", async () => {
    const metrics = metricsOf(await sent());
    for (const { name, unit, kind, value, attributes } of run.figures) {
      const metric = metrics.find((one) => one.name === name);
      expect(metric?.unit, name).toBe(unit);
      const points = metric?.[FIELDS[kind]]?.dataPoints ?? [];
      const point = points.find((one) => sameAttributes(one.attributes, attributes));
      expect(point?.asInt ?? point?.asDouble ?? point?.sum, name).toBeCloseTo(value, 9);
    }
    const counters = metrics.flatMap(({ sum }) => (sum === undefined ? [] : [sum]));
    expect(counters.map((one) => one.aggregationTemporality)).toEqual(
      counters.map(() => "AGGREGATION_TEMPORALITY_DELTA"),
    );
  });

  it("each signal says who sent it", async () => {
    const { traces, metrics, logs } = await sent();
    const resources = [
      ...traces.flatMap(({ resourceSpans }) => resourceSpans),
      ...metrics.flatMap(({ resourceMetrics }) => resourceMetrics),
      ...logs.flatMap(({ resourceLogs }) => resourceLogs),
    ].map(({ resource }) => resource.attributes);
    expect(resources).toHaveLength(3);
    for (const attributes of resources) {
      expect(attributes).toMatchObject({ "service.name": "wsl-trace", "service.version": "0.1.0" });
      expect(attributes["host.name"]).toBeUndefined();
    }
  });
});

const FIELDS = { count: "sum", level: "gauge", spread: "histogram" } as const satisfies Record<
  string,
  keyof Metric
>;

function spansOf({ traces }: Arrived) {
  return traces
    .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
    .flatMap(({ spans }) => spans)
    .sort(
      (a, b) =>
        run.spans.findIndex((one) => one.name === a.name) -
        run.spans.findIndex((one) => one.name === b.name),
    );
}

function metricsOf({ metrics }: Arrived) {
  return metrics
    .flatMap(({ resourceMetrics }) => resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics))
    .flatMap((scope) => scope.metrics);
}

function sameAttributes(a: object, b: object): boolean {
  const sorted = (one: object) => JSON.stringify(Object.entries(one).sort());
  return sorted(a) === sorted(b);
}

it("a run that is sent again is the same trace, and another run is another", async () => {
  const collector = await httpCollector();
  open.push(collector);
  const settings = settingsOf(collector.url);
  await send(settings);
  await send(settings);
  await send(settings, [{ ...run, startedAt: "2026-01-02T00:00:00.000Z" }]);
  const ids = collector.arrived.traces.map(
    ({ resourceSpans }) => resourceSpans[0]?.scopeSpans[0]?.spans[0]?.traceId,
  );
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

it("several runs of one command are several traces of one request", async () => {
  const collector = await httpCollector();
  open.push(collector);
  await send(settingsOf(collector.url), [run, { ...run, startedAt: "2026-01-02T00:00:00.000Z" }]);
  expect(collector.arrived.traces).toHaveLength(1);
  expect(new Set(spansOf(collector.arrived).map(({ traceId }) => traceId)).size).toBe(2);
});

it("a collector that takes a part alone is told of", async () => {
  const partial = { rejectedSpans: 2, errorMessage: "too many" };
  const collector = await httpCollector({ partial });
  open.push(collector);
  expect(await send(settingsOf(collector.url))).toEqual([expect.stringContaining("too many")]);
});

it("a collector that refuses is told of once, whatever it refused", async () => {
  const collector = await httpCollector({ status: 403 });
  open.push(collector);
  expect(await send(settingsOf(collector.url))).toEqual(["Forbidden"]);
});

it.each(PROTOCOLS)("a collector that says nothing over $protocol is left", async ({ protocol }) => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_TIMEOUT: "200" };
  const problems = await send(settingsOf(`http://127.0.0.1:${port}`, env));
  expect(problems.length).toBeGreaterThan(0);
  server.close();
});

it("nobody at the address is one reason", async () => {
  const collector = await httpCollector();
  await collector.close();
  const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "300" };
  expect(await send(settingsOf(collector.url, env))).toEqual([
    expect.stringContaining("ECONNREFUSED"),
  ]);
});
