// A collector of a test's own: takes OTLP over HTTP and gRPC, and decodes what comes by the protocol's published messages.

import { createServer, type IncomingHttpHeaders } from "node:http";
import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import * as z from "zod";
import type { Signal } from "../../probes/otlp/settings.ts";

interface Message {
  decode(bytes: Uint8Array): { toJSON(): unknown };
  encode(message: object): { finish(): Uint8Array };
}
type Service = Readonly<Record<"v1", Readonly<Record<string, Message>>>>;

const require = createRequire(import.meta.url);
/** Generated from opentelemetry-proto, without types. */
const generated: {
  opentelemetry: { proto: { collector: Readonly<Record<string, Service>> } };
} = require("@opentelemetry/otlp-proto-exporter-base/build/src/generated/root.js");

const NAMES = { traces: "Trace", metrics: "Metrics", logs: "Logs" } as const;

function messageOf(signal: Signal, kind: "Request" | "Response"): Message {
  const folder = signal === "traces" ? "trace" : signal;
  const service = generated.opentelemetry.proto.collector[folder];
  const message = service?.v1[`Export${NAMES[signal]}Service${kind}`];
  if (message === undefined) throw new Error(`no message of ${signal}`);
  return message;
}

const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.coerce.number().optional(),
  doubleValue: z.number().optional(),
  boolValue: z.boolean().optional(),
  arrayValue: z.object({ values: z.array(z.object({ stringValue: z.string() })) }).optional(),
});
const attributes = z
  .array(z.object({ key: z.string(), value }))
  .default([])
  .transform((all) => Object.fromEntries(all.map((one) => [one.key, plain(one.value)])));

function plain({ arrayValue, ...single }: z.infer<typeof value>) {
  if (arrayValue !== undefined) return arrayValue.values.map(({ stringValue }) => stringValue);
  return Object.values(single)[0];
}

const id = z.base64().transform((text) => Buffer.from(text, "base64").toString("hex"));
const nanos = z.string().transform((text) => Number(BigInt(text) / 1000n) / 1000);

const span = z.object({
  traceId: id,
  spanId: id,
  parentSpanId: id.optional(),
  name: z.string(),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: z.array(z.object({ name: z.string(), timeUnixNano: nanos, attributes })).default([]),
  status: z.object({ code: z.string().optional(), message: z.string().optional() }).optional(),
});

const point = z.object({
  attributes,
  asInt: z.coerce.number().optional(),
  asDouble: z.number().optional(),
  sum: z.number().optional(),
  explicitBounds: z.array(z.number()).optional(),
});
const sum = z.object({ dataPoints: z.array(point), aggregationTemporality: z.string() });
const metric = z.object({
  name: z.string(),
  unit: z.string(),
  sum: sum.optional(),
  histogram: sum.optional(),
  gauge: z.object({ dataPoints: z.array(point) }).optional(),
});

const record = z.object({
  timeUnixNano: nanos,
  severityText: z.string(),
  body: z.object({ stringValue: z.string() }),
  attributes,
  traceId: id,
  spanId: id,
});

const resource = z.object({ attributes });
const REQUESTS = {
  traces: z.object({
    resourceSpans: z.array(
      z.object({ resource, scopeSpans: z.array(z.object({ spans: z.array(span) })) }),
    ),
  }),
  metrics: z.object({
    resourceMetrics: z.array(
      z.object({ resource, scopeMetrics: z.array(z.object({ metrics: z.array(metric) })) }),
    ),
  }),
  logs: z.object({
    resourceLogs: z.array(
      z.object({ resource, scopeLogs: z.array(z.object({ logRecords: z.array(record) })) }),
    ),
  }),
} as const;

export type Metric = z.infer<typeof metric>;

/** All that one command sent. */
export interface Arrived {
  readonly traces: z.infer<typeof REQUESTS.traces>[];
  readonly metrics: z.infer<typeof REQUESTS.metrics>[];
  readonly logs: z.infer<typeof REQUESTS.logs>[];
  readonly headers: Readonly<Record<string, string>>[];
}

function keep(arrived: Arrived, signal: Signal, bytes: Uint8Array): void {
  const decoded = messageOf(signal, "Request").decode(bytes).toJSON();
  if (signal === "traces") arrived.traces.push(REQUESTS.traces.parse(decoded));
  if (signal === "metrics") arrived.metrics.push(REQUESTS.metrics.parse(decoded));
  if (signal === "logs") arrived.logs.push(REQUESTS.logs.parse(decoded));
}

export interface Collector {
  readonly url: string;
  readonly arrived: Arrived;
  close(): Promise<void>;
}

const nothing = (): Arrived => ({ traces: [], metrics: [], logs: [], headers: [] });

interface Answer {
  readonly status?: number;
  /** What it says of spans that it did not take. */
  readonly partial?: { readonly rejectedSpans: number; readonly errorMessage: string };
}

/** OTLP/HTTP. */
export async function httpCollector({ status = 200, partial }: Answer = {}): Promise<Collector> {
  const arrived = nothing();
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const signal = signalOf(request.url ?? "");
    arrived.headers.push(flat(request.headers));
    keep(arrived, signal, Buffer.concat(chunks));
    const body = signal === "traces" && partial !== undefined ? { partialSuccess: partial } : {};
    response.writeHead(status, { "content-type": "application/x-protobuf" });
    response.end(messageOf(signal, "Response").encode(body).finish());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrived,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function flat(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, one]) => [name, String(one)]));
}

function signalOf(path: string): Signal {
  const found = (["traces", "metrics", "logs"] as const).find((one) => path === `/v1/${one}`);
  if (found === undefined) throw new Error(`nothing is at ${path}`);
  return found;
}

/** OTLP/gRPC. */
export async function grpcCollector(): Promise<Collector> {
  const arrived = nothing();
  const server = new grpc.Server();
  for (const signal of ["traces", "metrics", "logs"] as const) {
    const folder = signal === "traces" ? "trace" : signal;
    const path = `/opentelemetry.proto.collector.${folder}.v1.${NAMES[signal]}Service/Export`;
    const same = (bytes: Buffer) => bytes;
    const method = { path, requestStream: false, responseStream: false } as const;
    const codec = { requestSerialize: same, requestDeserialize: same };
    const back = { responseSerialize: same, responseDeserialize: same };
    server.addService(
      { Export: { ...method, ...codec, ...back } },
      {
        Export: (
          call: grpc.ServerUnaryCall<Buffer, Buffer>,
          answer: grpc.sendUnaryData<Buffer>,
        ) => {
          arrived.headers.push(metadataOf(call));
          keep(arrived, signal, call.request);
          answer(null, Buffer.from(messageOf(signal, "Response").encode({}).finish()));
        },
      },
    );
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    close: async () => server.forceShutdown(),
  };
}

function metadataOf({ metadata }: grpc.ServerUnaryCall<Buffer, Buffer>) {
  return Object.fromEntries(Object.entries(metadata.getMap()).map(([k, v]) => [k, String(v)]));
}
