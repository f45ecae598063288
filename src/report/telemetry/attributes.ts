// The attributes that tell runs apart: on every figure those with few values, on the trace and the log record all of them.

import type { Report } from "../../schema/report.ts";
import type { Attributes } from "../../telemetry.ts";
import { environmentOf } from "../faces/environment.ts";
import { rootCause } from "../text-findings.ts";

/** In place of a cause where none was found: an attribute that is absent cannot be counted by. */
export const NO_CAUSE = "none";

/** Few values each, so that they may be labels of a time series. */
export function commonAttributes(report: Report): Attributes {
  const { windows, wsl } = environmentOf(report);
  return known({
    "wsl_trace.version": report.version,
    "wsl_trace.command": commandOf(report),
    "wsl_trace.vantage": report.vantage.kind,
    "wsl_trace.networking_mode": report.vantage.networkingMode,
    "wsl_trace.wsl.version": wsl,
    "wsl_trace.windows.version": windows,
    "server.address": report.target.host,
    "server.port": report.target.port,
  });
}

/** What a run found, and on which machine. */
export function runAttributes(report: Report): Attributes {
  const { findings, stages, pmtu, vantage } = report;
  const root = rootCause(findings);
  const { software } = environmentOf(report);
  return {
    ...commonAttributes(report),
    ...known({
      "wsl_trace.verdict": report.verdict,
      "wsl_trace.reason": report.reason,
      "wsl_trace.cause": root?.cause ?? NO_CAUSE,
      "wsl_trace.confidence": root?.confidence,
      "wsl_trace.segment": root?.segment,
      "wsl_trace.between": root?.between?.join(" "),
      "wsl_trace.direction": root?.direction,
      "wsl_trace.fix": root?.fixes[0]?.title,
      "wsl_trace.pmtu.outbound": pmtu.outbound.bytes,
      "wsl_trace.pmtu.inbound": pmtu.inbound.bytes,
      "wsl_trace.kernel": vantage.kernel,
      "wsl_trace.packets_sent": report.packetsSent,
      "wsl_trace.program": report.program?.name,
    }),
    ...(findings.length > 0 ? { "wsl_trace.findings": findings.map(({ cause }) => cause) } : {}),
    ...(software.length > 0 ? { "wsl_trace.vpn": software } : {}),
    ...Object.fromEntries(stages.map(({ stage, status }) => [`wsl_trace.stage.${stage}`, status])),
  };
}

/** "path", "dns", "mtu" or "run". */
export function commandOf({ events }: Report): string {
  const started = events.find((event) => event.kind === "run-started");
  return started?.command ?? "path";
}

type Unsure = Readonly<Record<string, Attributes[string] | null | undefined>>;

/** Without what is not known: an attribute has no value for that. */
function known(attributes: Unsure): Attributes {
  const entries = Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [[key, value] as const],
  );
  return Object.fromEntries(entries);
}
