// Sends runs to a collector, each signal in one request; what goes wrong is told, and never thrown.

import { DiagLogLevel, diag } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality } from "@opentelemetry/sdk-metrics";
import type { Clock } from "../../src/clock.ts";
import { messageOf } from "../../src/errors.ts";
import { noAnswerIn } from "../../src/schema/constants.ts";
import type { Telemetry } from "../../src/telemetry.ts";
import type { Exporter, Exporters } from "./exporters.ts";
import { collected } from "./metrics.ts";
import { ownAttributes } from "./resource.ts";
import type { OtlpSettings, SignalSettings } from "./settings.ts";
import { copied, traceAndLog } from "./spans.ts";

export interface SendDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whether OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE is set, which then holds. */
  readonly hasTemporality: boolean;
}

/** What is left of a request's time for what comes before and behind it. */
const GRACE_MS = 500;

/**
 * @param runs of one command
 * @returns why not all of it arrived, one sentence for each signal; empty: all did
 */
export async function sendTelemetry(
  runs: readonly Telemetry[],
  settings: OtlpSettings,
  { clock, signal, hasTemporality }: SendDeps,
): Promise<readonly string[]> {
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const late = clock.sleep(settings.timeoutMs + GRACE_MS, limit).then(
    () => [noAnswerIn(settings.timeoutMs)],
    () => ["interrupted"],
  );
  try {
    return await Promise.race([sent(runs, settings, hasTemporality), late]);
  } catch (error) {
    return [messageOf(error)];
  } finally {
    over.abort();
  }
}

async function sent(
  runs: readonly Telemetry[],
  { signals, timeoutMs }: OtlpSettings,
  hasTemporality: boolean,
): Promise<readonly string[]> {
  const version = runs[0]?.version ?? "";
  const own = resourceFromAttributes(copied(ownAttributes(version)));
  const resource = own.merge(detectResources({ detectors: [envDetector] }));
  const rejected = listenForRejections();
  const made = await Promise.all(runs.map((run) => traceAndLog(run, resource)));
  const { traces, metrics, logs } = signals;
  const jobs: Promise<string | null>[] = [];
  const options = (one: SignalSettings) => ({
    ...(one.url === null ? {} : { url: one.url }),
    timeoutMillis: timeoutMs,
  });
  if (traces !== undefined) {
    const exporter = (await exportersOf(traces)).traces(options(traces));
    jobs.push(
      exported(
        exporter,
        made.flatMap(({ spans }) => spans),
      ),
    );
  }
  if (logs !== undefined) {
    const exporter = (await exportersOf(logs)).logs(options(logs));
    jobs.push(
      exported(
        exporter,
        made.flatMap((one) => one.logs),
      ),
    );
  }
  if (metrics !== undefined) {
    // A process of one run has nothing to add up: who collects them does.
    const temporalityPreference = AggregationTemporality.DELTA;
    const exporter = (await exportersOf(metrics)).metrics({
      ...options(metrics),
      ...(hasTemporality ? {} : { temporalityPreference }),
    });
    const figures = runs.flatMap((run) => run.figures);
    jobs.push(exported(exporter, await collected(figures, version, resource, exporter)));
  }
  const problems = (await Promise.all(jobs)).filter((problem) => problem !== null);
  return [...new Set([...problems, ...rejected])];
}

async function exportersOf({ protocol }: SignalSettings): Promise<Exporters> {
  if (protocol === "grpc") return (await import("./grpc-exporters.ts")).grpcExporters;
  return (await import("./http-exporters.ts")).httpExporters;
}

/** Null: it arrived. */
async function exported<Items>(exporter: Exporter<Items>, items: Items): Promise<string | null> {
  const { code, error } = await new Promise<ExportResult>((resolve) => {
    exporter.export(items, resolve);
  });
  if (code === ExportResultCode.SUCCESS) return null;
  return error === undefined ? "refused" : reasonOf(error);
}

/** Where a name has several addresses, the error of all of them has no message of its own. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError) return messageOf(error.errors[0]);
  return error.message === "" ? error.name : error.message;
}

/** A collector that takes a part alone says so in an answer that the exporter hands to the SDK's log. */
function listenForRejections(): readonly string[] {
  const told: string[] = [];
  const warn = (message: string, ...details: readonly unknown[]) => {
    if (message.startsWith("Received Partial")) told.push(`partly refused: ${details.join(" ")}`);
  };
  const nothing = () => undefined;
  const logger = { error: nothing, warn, info: nothing, debug: nothing, verbose: nothing };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return told;
}
