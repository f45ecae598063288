// The built tool and a real OTLP receiver, over HTTP and gRPC: what it shows afterwards is compared with the run.

import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { report } from "../../src/schema/report.ts";
import { readRecordingText } from "../recordings/files.ts";
import { createFolder } from "./independent/tool.ts";

/** Starts a receiver in the foreground: `PROGRAM PORT`; its API answers on PORT, OTLP/gRPC on the next port, OTLP/HTTP on the one behind. */
// biome-ignore lint/style/noProcessEnv: the receiver is no part of the project
const PROGRAM = process.env.WSL_TRACE_OTLP;
const PORT = 18_790;
const CLI = path.resolve(import.meta.dirname, "../../dist/cli.js");
const RECORDING = "provider-inbound-blackhole.user.ndjson.gz";
/** It is fetched on first use. */
const PATIENT = { timeout: 110_000, interval: 250 };

const folder = createFolder();
const recording = folder.file("run.ndjson", readRecordingText(RECORDING));
const abort = new AbortController();

beforeAll(async () => {
  if (PROGRAM === undefined) return;
  execa(PROGRAM, [`${PORT}`], { cancelSignal: abort.signal, reject: false, stdio: "ignore" });
  await vi.waitFor(async () => expect((await shown("resources")).ok).toBe(true), PATIENT);
});
afterAll(() => {
  abort.abort();
  folder.remove();
});
beforeEach(({ skip }) => skip(PROGRAM === undefined, "WSL_TRACE_OTLP names no OTLP receiver"));

const shown = (what: string) => fetch(`http://127.0.0.1:${PORT}/api/telemetry/${what}`);

const pairs = z
  .array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
  .transform((all) => Object.fromEntries(all.map(({ key, value }) => [key, value.stringValue])));
const resource = z.object({ attributes: pairs });
const spans = z.object({
  data: z.object({
    resourceSpans: z.array(
      z.object({
        resource,
        scopeSpans: z.array(
          z.object({
            spans: z.array(z.object({ name: z.string(), traceId: z.string(), attributes: pairs })),
          }),
        ),
      }),
    ),
  }),
});
const logs = z.object({
  data: z.object({
    resourceLogs: z.array(
      z.object({
        resource,
        scopeLogs: z.array(
          z.object({
            logRecords: z.array(
              z.object({ body: z.object({ stringValue: z.string() }), attributes: pairs }),
            ),
          }),
        ),
      }),
    ),
  }),
});
const resources = z.array(
  z.object({
    instanceId: z.string(),
    hasLogs: z.boolean(),
    hasTraces: z.boolean(),
    hasMetrics: z.boolean(),
  }),
);

describe.each([
  { protocol: "http/protobuf", port: PORT + 2 },
  { protocol: "grpc", port: PORT + 1 },
])("over $protocol", ({ protocol, port }) => {
  it("a receiver shows the run's trace, its report, and that it has its figures", async () => {
    const instance = `laptop-${port}`;
    const env = {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${instance}`,
    };
    const argv = [CLI, "replay", recording, "--json", "--otlp", `http://127.0.0.1:${port}`];
    const { stdout, stderr } = await execa(process.execPath, argv, { env, reject: false });
    expect(stderr).toBe("");
    const run = report.parse(JSON.parse(stdout));

    const arrived = await vi.waitFor(async () => {
      const all = spans.parse(await (await shown("spans")).json()).data.resourceSpans;
      const own = all.filter((one) => one.resource.attributes["service.instance.id"] === instance);
      expect(own).not.toEqual([]);
      return own.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    });
    const [root] = arrived.filter(({ name }) => name === "wsl-trace path");
    const [cause] = run.findings;
    expect(root?.attributes).toMatchObject({
      "wsl_trace.verdict": run.verdict,
      "wsl_trace.cause": cause?.cause,
      "wsl_trace.pmtu.inbound": `${run.pmtu.inbound.bytes}`,
      "wsl_trace.packets_sent": `${run.packetsSent}`,
    });
    const stages = arrived.filter(({ attributes }) => "wsl_trace.stage" in attributes);
    expect(stages.map(({ attributes }) => attributes["wsl_trace.status"]).sort()).toEqual(
      run.stages.flatMap(({ status }) => (status === "skipped" ? [] : [status])).sort(),
    );

    const records = logs.parse(await (await shown("logs")).json()).data.resourceLogs;
    const [record] = records
      .filter((one) => one.resource.attributes["service.instance.id"] === instance)
      .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
    expect(record?.body.stringValue).toContain(cause?.fixes[0]?.commands[0]);
    expect(record?.attributes["wsl_trace.reason"]).toBe(run.reason);

    const known = resources.parse(await (await shown("resources")).json());
    expect(known.find(({ instanceId }) => instanceId === instance)).toMatchObject({
      hasTraces: true,
      hasLogs: true,
      hasMetrics: true,
    });
  });
});
