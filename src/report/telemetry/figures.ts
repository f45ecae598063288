// The figures of a run: what a fleet is counted and measured by. What was not measured has none, rather than a zero.

import { measuredLoss } from "../../facts/loss/loss-measurement.ts";
import { pathOf } from "../../model/reduce.ts";
import type { Report } from "../../schema/report.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import type { Attributes, Figure } from "../../telemetry.ts";
import { rootCause } from "../text-findings.ts";
import { commonAttributes, NO_CAUSE } from "./attributes.ts";

const MS_PER_S = 1000;

export function figuresOf(report: Report): readonly Figure[] {
  const common = commonAttributes(report);
  const { verdict, findings, durationMs, packetsSent, pmtu } = report;
  return [
    {
      name: "wsl_trace.runs",
      kind: "count",
      unit: "{run}",
      description: "Runs, by their verdict and the cause that stops the user",
      value: 1,
      attributes: {
        ...common,
        "wsl_trace.verdict": verdict,
        "wsl_trace.cause": rootCause(findings)?.cause ?? NO_CAUSE,
      },
    },
    ...findings.map(({ cause, severity }) => ({
      name: "wsl_trace.findings",
      kind: "count" as const,
      unit: "{finding}",
      description: "Findings of all runs, notes too",
      value: 1,
      attributes: { ...common, "wsl_trace.cause": cause, "wsl_trace.severity": severity },
    })),
    {
      name: "wsl_trace.run.duration",
      kind: "spread",
      unit: "s",
      description: "How long a run took",
      value: durationMs / MS_PER_S,
      attributes: { ...common, "wsl_trace.verdict": verdict },
    },
    {
      name: "wsl_trace.packets.sent",
      kind: "count",
      unit: "{packet}",
      description: "Packets that runs sent",
      value: packetsSent,
      attributes: common,
    },
    ...stageFigures(report, common),
    ...pmtuFigure("outbound", pmtu.outbound, common),
    ...pmtuFigure("inbound", pmtu.inbound, common),
    ...lossFigure(report, common),
  ];
}

function stageFigures({ stages }: Report, common: Attributes): readonly Figure[] {
  return stages.flatMap(({ stage, status, ms }) =>
    ms === null
      ? []
      : [
          {
            name: "wsl_trace.stage.duration",
            kind: "spread" as const,
            unit: "s",
            description: "How long a stage of the user's connection took",
            value: ms / MS_PER_S,
            attributes: { ...common, "wsl_trace.stage": stage, "wsl_trace.status": status },
          },
        ],
  );
}

function pmtuFigure(
  direction: "outbound" | "inbound",
  { bytes, exact, silent }: PmtuEstimate,
  common: Attributes,
): readonly Figure[] {
  if (bytes === null) return [];
  return [
    {
      name: "wsl_trace.pmtu",
      kind: "level",
      unit: "By",
      description: "Path MTU; where it is not exact, the largest size that was seen to pass",
      value: bytes,
      attributes: {
        ...common,
        "wsl_trace.direction": direction,
        "wsl_trace.exact": exact,
        "wsl_trace.silent": silent,
      },
    },
  ];
}

/** Only where rounds were made for it. */
function lossFigure({ events }: Report, common: Attributes): readonly Figure[] {
  const measured = measuredLoss(pathOf(events));
  if (measured === null || measured.sent === 0) return [];
  return [
    {
      name: "wsl_trace.loss",
      kind: "level",
      unit: "1",
      description: "Connection requests that got no answer, of those that were sent to measure it",
      value: measured.lost / measured.sent,
      attributes: common,
    },
  ];
}
