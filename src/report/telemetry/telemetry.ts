// A report as what a collector takes. It is made from the report that others may see: nothing here redacts.

import type { Report } from "../../schema/report.ts";
import type { LogData, Telemetry } from "../../telemetry.ts";
import { textReport } from "../text.ts";
import { runAttributes } from "./attributes.ts";
import { figuresOf } from "./figures.ts";
import { groupSpans } from "./group-spans.ts";
import { rootSpan } from "./root-span.ts";
import { stageSpans } from "./stage-spans.ts";

// One module to load.
export { sendNotice } from "./notice.ts";

/** @param report as it may be shown to others */
export function telemetryOf(report: Report): Telemetry {
  return {
    version: report.version,
    startedAt: report.startedAt,
    root: rootSpan(report),
    spans: [...stageSpans(report), ...groupSpans(report)],
    figures: figuresOf(report),
    log: {
      severity: SEVERITIES[report.verdict],
      body: textReport(report),
      attributes: { "event.name": "wsl_trace.report", ...runAttributes(report) },
    },
  };
}

const SEVERITIES = {
  healthy: "info",
  inconclusive: "warn",
  degraded: "warn",
  fault: "error",
} as const satisfies Record<Report["verdict"], LogData["severity"]>;
