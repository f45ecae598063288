// The spans and the log record of runs, made by OpenTelemetry's SDKs.

import { createHash } from "node:crypto";
import {
  type Context,
  type HrTime,
  type Attributes as OtelAttributes,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from "@opentelemetry/sdk-logs";
import {
  type IdGenerator,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Attributes, LogData, SpanData, Telemetry } from "../../src/telemetry.ts";

export const SCOPE = "wsl-trace";

export interface TraceAndLog {
  readonly spans: readonly ReadableSpan[];
  readonly logs: readonly ReadableLogRecord[];
}

/** One trace of one run, and the log record that belongs to it. */
export async function traceAndLog(run: Telemetry, resource: Resource): Promise<TraceAndLog> {
  const spans = new InMemorySpanExporter();
  const provider = new TracerProvider({
    resource,
    idGenerator: idsOf(run, resource),
    spanProcessors: [new SimpleSpanProcessor({ exporter: spans })],
  });
  const tracer = provider.getTracer(SCOPE, run.version);
  const beganMs = Date.parse(run.startedAt);
  const span = tracer.startSpan(run.root.name, started(run.root, beganMs), ROOT_CONTEXT);
  const context = trace.setSpan(ROOT_CONTEXT, span);
  for (const child of run.spans) addChild(tracer, child, beganMs, context);
  finish(span, run.root, beganMs);
  await provider.forceFlush();
  const logs = await logOf(run, resource, context);
  return { spans: spans.getFinishedSpans(), logs };
}

function addChild(tracer: Tracer, child: SpanData, beganMs: number, parent: Context): void {
  finish(tracer.startSpan(child.name, started(child, beganMs), parent), child, beganMs);
}

function started({ startMs, attributes }: SpanData, beganMs: number) {
  const startTime = timeOf(beganMs + startMs);
  return { kind: SpanKind.INTERNAL, startTime, attributes: copied(attributes) };
}

function finish(
  span: ReturnType<Tracer["startSpan"]>,
  { events, error, endMs }: SpanData,
  beganMs: number,
): void {
  for (const { name, attributes, atMs } of events) {
    span.addEvent(name, copied(attributes), timeOf(beganMs + atMs));
  }
  if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
  span.end(timeOf(beganMs + endMs));
}

/** SeverityNumber of the logs data model. */
const SEVERITY_NUMBERS = { info: 9, warn: 13, error: 17 } as const satisfies Record<
  LogData["severity"],
  number
>;

async function logOf(
  { log, version, startedAt, root }: Telemetry,
  resource: Resource,
  context: Context,
): Promise<readonly ReadableLogRecord[]> {
  const records = new InMemoryLogRecordExporter();
  const processor = new SimpleLogRecordProcessor({ exporter: records });
  const provider = new LoggerProvider({ resource, processors: [processor] });
  provider.getLogger(SCOPE, version).emit({
    context,
    timestamp: timeOf(Date.parse(startedAt) + root.endMs),
    severityNumber: SEVERITY_NUMBERS[log.severity],
    severityText: log.severity.toUpperCase(),
    body: log.body,
    attributes: copied(log.attributes),
  });
  await provider.forceFlush();
  return records.getFinishedLogRecords();
}

/** The SDK's arrays may be written to. */
export function copied(attributes: Attributes): OtelAttributes {
  const entries = Object.entries(attributes).map(([key, value]) => [
    key,
    typeof value === "object" ? [...value] : value,
  ]);
  return Object.fromEntries(entries);
}

const MS_PER_S = 1000;
const NS_PER_MS = 1_000_000;

/** A plain number would be taken for the process' own time where it is small. */
function timeOf(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / MS_PER_S);
  return [seconds, Math.round((epochMs - seconds * MS_PER_S) * NS_PER_MS)];
}

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/** From what is sent, so that a run that is sent again, as from its recording, is the same trace. */
function idsOf(run: Telemetry, { attributes }: Resource): IdGenerator {
  const seed = digest(JSON.stringify([run, attributes]));
  let spans = 0;
  return {
    generateTraceId: () => seed.slice(0, TRACE_ID_DIGITS),
    generateSpanId: () => {
      spans += 1;
      return digest(`${seed}${spans}`).slice(0, SPAN_ID_DIGITS);
    },
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
