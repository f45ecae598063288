// A thousand simulated laptops that send their runs to a real receiver, over HTTP and over gRPC; what it shows is read back and counted.
//
// WSL_TRACE_OTLP names a program that starts one (CONTRIBUTING.md).

import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import * as z from "zod";
import { sendTelemetry } from "../../probes/otlp/send.ts";
import { type OtlpSettings, otlpSettings } from "../../probes/otlp/settings.ts";
import { systemClock } from "../../src/clock.ts";
import { makeReport } from "../../src/report/make.ts";
import { telemetryOf } from "../../src/report/telemetry/telemetry.ts";
import type { Telemetry } from "../../src/telemetry.ts";
import { readEvents, readRecordings } from "../recordings/files.ts";

const PORT = 18_830;
/** Of all recordings, spread over the list. */
const KINDS = 50;
/** At once: each is a laptop of its own, whose requests do not wait for another's. */
const AT_ONCE = 20;
const START_MS = 110_000;
const CAUSE = "wsl_trace.cause";

/** @param laptops half of them speak gRPC */
export async function compareFleet(laptops: number): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: the receiver is no part of the project
  const program = process.env.WSL_TRACE_OTLP;
  if (program === undefined) {
    process.stdout.write("WSL_TRACE_OTLP names no OTLP receiver\n");
    return;
  }
  const receiver = execa(program, [`${PORT}`], { reject: false, stdio: "ignore", cleanup: true });
  try {
    await answering();
    await measure(laptops);
  } finally {
    receiver.kill();
    await receiver;
  }
}

async function measure(laptops: number): Promise<void> {
  const runs = fleetOf(laptops);
  const begunMs = performance.now();
  const problems: string[] = [];
  const queue = [...runs.entries()];
  const work = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop())
      problems.push(...(await send(...next)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - begunMs) / 1000;
  process.stdout.write(
    `${laptops} laptops sent their runs in ${seconds.toFixed(1)} s, ${problems.length} problems${problems.length === 0 ? "" : `: ${[...new Set(problems)].slice(0, 3).join("; ")}`}\n`,
  );
  const shown = await readBack(laptops);
  const expected = countsOf(runs.map((run) => run.log.attributes[CAUSE]));
  const got = countsOf(shown.causes);
  const wrong = [...new Set([...expected.keys(), ...got.keys()])].filter(
    (cause) => expected.get(cause) !== got.get(cause),
  );
  process.stdout.write(
    `the receiver shows ${shown.instances} laptops, ${shown.causes.length} log records, ${shown.traces} traces; ` +
      `causes counted ${wrong.length === 0 ? `as sent (${expected.size} of them)` : `otherwise than sent: ${wrong.join(", ")}`}\n`,
  );
}

/** Each laptop has a run of its own, a second after the one before. */
function fleetOf(laptops: number): readonly Telemetry[] {
  const names = readRecordings().flatMap(({ files }) => files.slice(0, 1));
  const every = Math.max(1, Math.floor(names.length / KINDS));
  const kinds = names
    .filter((_, n) => n % every === 0)
    .map((name) => telemetryOf(makeReport(readEvents(name))));
  return Array.from({ length: laptops }, (_, n) => {
    const kind = kinds[n % kinds.length];
    if (kind === undefined) throw new Error("there are no recordings");
    const startedAt = new Date(Date.now() - (laptops - n) * 1000).toISOString();
    return { ...kind, startedAt };
  });
}

function send(n: number, run: Telemetry): Promise<readonly string[]> {
  const env: NodeJS.ProcessEnv = {
    OTEL_EXPORTER_OTLP_PROTOCOL: n % 2 === 0 ? "grpc" : "http/protobuf",
  };
  // Read before the first wait, so that laptops beside it do not see it.
  // biome-ignore lint/style/noProcessEnv: OpenTelemetry's own way to say who sends
  process.env.OTEL_RESOURCE_ATTRIBUTES = `service.instance.id=laptop-${n}`;
  const settings: OtlpSettings | null = otlpSettings(
    `http://127.0.0.1:${PORT + (n % 2 === 0 ? 1 : 2)}`,
    env,
  );
  if (settings === null) throw new Error("off");
  const signal = new AbortController().signal;
  const patient = { ...settings, timeoutMs: START_MS };
  return sendTelemetry([run], patient, { clock: systemClock, signal, hasTemporality: false });
}

const attributes = z.array(
  z.object({ key: z.string(), value: z.object({ stringValue: z.string().optional() }) }),
);
const resourceLogs = z.array(
  z.object({
    resource: z.object({ attributes }),
    scopeLogs: z.array(z.object({ logRecords: z.array(z.object({ attributes })) })),
  }),
);
const resourceSpans = z.array(
  z.object({
    scopeSpans: z.array(z.object({ spans: z.array(z.object({ traceId: z.string() })) })),
  }),
);

interface Shown {
  readonly instances: number;
  readonly causes: readonly (string | undefined)[];
  readonly traces: number;
}

/** What arrived last may be shown a moment later. */
async function readBack(laptops: number): Promise<Shown> {
  for (let tries = 0; tries < 20; tries += 1) {
    const shown = await look(laptops);
    if (shown.causes.length >= laptops && shown.traces >= laptops) return shown;
    await sleep(500);
  }
  return look(laptops);
}

async function look(laptops: number): Promise<Shown> {
  const ask = async (what: string) =>
    (await fetch(`http://127.0.0.1:${PORT}/api/telemetry/${what}?limit=${laptops * 100}`)).json();
  const logs = z.object({ data: z.object({ resourceLogs }) }).parse(await ask("logs"))
    .data.resourceLogs;
  const spans = z.object({ data: z.object({ resourceSpans }) }).parse(await ask("traces"))
    .data.resourceSpans;
  const records = logs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords),
  );
  const traces = spans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap((one) => one.spans.map(({ traceId }) => traceId)),
  );
  return {
    instances: new Set(
      logs.flatMap((one) => attributeOf(one.resource.attributes, "service.instance.id") ?? []),
    ).size,
    causes: records.map((one) => attributeOf(one.attributes, CAUSE)),
    traces: new Set(traces).size,
  };
}

function attributeOf(all: z.infer<typeof attributes>, key: string): string | undefined {
  return all.find((one) => one.key === key)?.value.stringValue;
}

function countsOf(values: readonly unknown[]): ReadonlyMap<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

async function answering(): Promise<void> {
  const untilMs = performance.now() + START_MS;
  while (performance.now() < untilMs) {
    const isUp = await fetch(`http://127.0.0.1:${PORT}/api/telemetry/resources`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(500);
  }
  throw new Error("the receiver does not answer");
}
