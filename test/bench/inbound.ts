// How soon the inbound PMTU is known: from the default attempt's connect to the closed interval.

import type { ProbeEvent } from "../../src/schema/event.ts";

export interface InboundTiming {
  readonly ms: number;
  readonly rttMs: number;
}

/** Null when the run closed no interval. */
export function inboundTiming(events: readonly ProbeEvent[]): InboundTiming | null {
  const connect = events.find((event) => event.kind === "tcp-stage" && event.stage === "connect");
  if (connect?.kind !== "tcp-stage") return null;
  const sizes = new Map(
    events.flatMap((event) =>
      event.kind === "tcp-started" ? [[event.attempt, event.mss] as const] : [],
    ),
  );
  const passed = new Map<number, number>();
  const stalled = new Map<number, number>();
  for (const event of events) {
    const mss = "attempt" in event ? sizes.get(event.attempt) : null;
    if (mss == null) continue;
    if (event.kind === "tcp-stalled") stalled.set(mss, event.atMs);
    if (isHandshake(event)) passed.set(mss, event.atMs);
  }
  const closed = [...passed].flatMap(([mss, atMs]) => {
    const above = stalled.get(mss + 1);
    return above === undefined || passed.has(mss + 1) ? [] : [Math.max(atMs, above)];
  });
  if (closed.length === 0) return null;
  return { ms: Math.min(...closed) - connect.atMs, rttMs: connect.info?.rttMs ?? 0 };
}

function isHandshake(event: ProbeEvent): boolean {
  return event.kind === "tcp-stage" && event.stage === "tls" && event.result.kind === "ok";
}
