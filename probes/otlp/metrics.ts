// The figures of runs as metrics, collected once: this process is gone before a second collection would come.

import type { Meter } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import {
  MeterProvider,
  type MetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { Figure } from "../../src/telemetry.ts";
import { copied, SCOPE } from "./spans.ts";

/** From a local answer to a run that waited for everything, in seconds. */
const BOUNDARIES_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export async function collected(
  figures: readonly Figure[],
  version: string,
  resource: Resource,
  exporter: PushMetricExporter,
): Promise<ResourceMetrics> {
  const reader: MetricReader = new PeriodicExportingMetricReader({ exporter });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter(SCOPE, version);
  for (const figure of figures) add(meter, figure);
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics;
}

function add(meter: Meter, { name, kind, unit, description, value, attributes }: Figure): void {
  const options = { unit, description };
  const own = copied(attributes);
  switch (kind) {
    case "count":
      meter.createCounter(name, options).add(value, own);
      return;
    case "level":
      meter.createGauge(name, options).record(value, own);
      return;
    default: {
      const advice = { explicitBucketBoundaries: [...BOUNDARIES_S] };
      meter.createHistogram(name, { ...options, advice }).record(value, own);
    }
  }
}
