// A span for each stage whose time is known: where the run's events tell when it ended, or when its packet left.

import type { ProbeEvent } from "../../schema/event.ts";
import type { Report } from "../../schema/report.ts";
import type { Stage } from "../../schema/verdict.ts";
import type { SpanData } from "../../telemetry.ts";

export function stageSpans({ stages, events, target }: Report): readonly SpanData[] {
  const attempt = events.find(isDefaultAttempt)?.attempt ?? null;
  return stages.flatMap((stage) => {
    const time = timeOf(stage, events, attempt, target.address);
    return time === null ? [] : [spanOf(stage, time)];
  });
}

interface Time {
  readonly startMs: number;
  readonly endMs: number;
}

function spanOf({ stage, status, detail }: Stage, time: Time): SpanData {
  return {
    name: stage,
    ...time,
    attributes: {
      "wsl_trace.stage": stage,
      "wsl_trace.status": status,
      "wsl_trace.detail": detail,
    },
    events: [],
    error: status === "failed" ? detail : null,
  };
}

type Started = Extract<ProbeEvent, { readonly kind: "tcp-started" }>;

function isDefaultAttempt(event: ProbeEvent): event is Started {
  return event.kind === "tcp-started" && event.purpose === "default";
}

/** Null where it was not run, or nothing says when. */
function timeOf(
  { stage, status, ms }: Stage,
  events: readonly ProbeEvent[],
  attempt: string | null,
  address: string | null,
): Time | null {
  if (status === "skipped") return null;
  const ended = events.find((event) => ends(event, stage, attempt));
  if (ended !== undefined) return before(ended.atMs, ms ?? 0);
  if (stage !== "reach") return null;
  const probe = events.find((event) => event.kind === "probe" && isReply(event, address));
  if (probe?.kind !== "probe") return null;
  return { startMs: probe.sentAtMs, endMs: probe.sentAtMs + (ms ?? 0) };
}

function ends(event: ProbeEvent, stage: Stage["stage"], attempt: string | null): boolean {
  if (stage === "resolve") return event.kind === "target-addresses";
  if (stage === "route") return event.kind === "route-lookup";
  return event.kind === "tcp-stage" && event.stage === stage && event.attempt === attempt;
}

type Probe = Extract<ProbeEvent, { readonly kind: "probe" }>;

function isReply({ outcome }: Probe, address: string | null): boolean {
  return outcome.kind === "reply" && outcome.from === address;
}

/** Nothing begins before the run. */
function before(endMs: number, ms: number): Time {
  return { startMs: Math.max(0, endMs - ms), endMs };
}
