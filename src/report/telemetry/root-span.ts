// The span of the whole run, with each finding as an event of it.

import type { Report } from "../../schema/report.ts";
import type { Finding } from "../../schema/verdict.ts";
import type { Attributes, SpanData, SpanEventData } from "../../telemetry.ts";
import { commandOf, runAttributes } from "./attributes.ts";

export function rootSpan(report: Report): SpanData {
  const { durationMs, findings, verdict, reason } = report;
  return {
    name: `wsl-trace ${commandOf(report)}`,
    startMs: 0,
    endMs: durationMs,
    attributes: runAttributes(report),
    events: findings.map((finding) => findingEvent(finding, report)),
    error: verdict === "fault" || verdict === "degraded" ? reason : null,
  };
}

/** It stands where the last of its evidence came in. */
function findingEvent(finding: Finding, { events, durationMs }: Report): SpanEventData {
  const last = events.findLast(({ id }) => finding.evidence.includes(id));
  return { name: "finding", atMs: last?.atMs ?? durationMs, attributes: attributesOf(finding) };
}

function attributesOf(finding: Finding): Attributes {
  const { cause, severity, confidence, summary, segment, between, direction, fixes } = finding;
  const [fix] = fixes;
  return {
    "wsl_trace.cause": cause,
    "wsl_trace.severity": severity,
    "wsl_trace.confidence": confidence,
    "wsl_trace.summary": summary,
    ...(segment === null ? {} : { "wsl_trace.segment": segment }),
    ...(between === null ? {} : { "wsl_trace.between": between.join(" ") }),
    ...(direction === null ? {} : { "wsl_trace.direction": direction }),
    ...(fix === undefined
      ? {}
      : { "wsl_trace.fix": fix.title, "wsl_trace.fix.commands": fix.commands }),
  };
}
