// What sends a signal, by its protocol; each protocol's code is loaded where it is spoken.

import type { ExportResult } from "@opentelemetry/core";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { AggregationTemporality, PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

export interface ExporterOptions {
  /** Absent: as the variables say. */
  readonly url?: string;
  readonly timeoutMillis: number;
}

export interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void;
}

export interface Exporters {
  traces(options: ExporterOptions): Exporter<ReadableSpan[]>;
  metrics(
    options: ExporterOptions & { readonly temporalityPreference?: AggregationTemporality },
  ): PushMetricExporter;
  logs(options: ExporterOptions): Exporter<ReadableLogRecord[]>;
}
