// A span for each group of probes: from the first packet or answer of the group to its last event.

import type { ProbeEvent } from "../../schema/event.ts";
import type { Report } from "../../schema/report.ts";
import type { SpanData } from "../../telemetry.ts";

/** What probes are about; every event stands in one, or is the run's own. */
type Group =
  | "machine"
  | "names"
  | "connections"
  | "hops and sizes"
  | "proxy"
  | "windows"
  | "kernel"
  | "program"
  | "watch";

const GROUPS = {
  "run-started": null,
  "run-ended": null,
  "packet-marks": null,
  "probe-skipped": null,
  vantage: "machine",
  rung: "machine",
  interfaces: "machine",
  routes: "machine",
  "policy-rules": "machine",
  "multipath-routes": "machine",
  neighbour: "machine",
  conntrack: "machine",
  "local-listener": "machine",
  "inbound-service": "machine",
  "inbound-attempt": "machine",
  "inbound-arrival": "machine",
  "inbound-count": "machine",
  "local-port-range": "machine",
  "route-lookup": "machine",
  "ssh-settings": "machine",
  "tcp-settings": "machine",
  unreadable: "machine",
  "resolver-config": "names",
  "dns-reply": "names",
  "resolver-way": "names",
  "target-addresses": "names",
  "dns-check": "names",
  "dns-race": "names",
  "resolver-upstream": "names",
  "libc-lookup": "names",
  "wildcard-check": "names",
  "tcp-started": "connections",
  "tcp-stage": "connections",
  "tcp-stalled": "connections",
  "tcp-ended": "connections",
  certificate: "connections",
  "protocol-answer": "connections",
  "alt-svc": "connections",
  "open-flow": "connections",
  "datagram-attempt": "connections",
  "quic-probe": "connections",
  "http-answer": "connections",
  "portal-check": "connections",
  "ecn-check": "connections",
  "silence-check": "connections",
  transfer: "connections",
  upload: "connections",
  probe: "hops and sizes",
  "late-reply": "hops and sizes",
  "too-big-counted": "hops and sizes",
  "hop-name": "hops and sizes",
  "proxy-config": "proxy",
  "proxy-attempt": "proxy",
  "direct-attempt": "proxy",
  "proxy-answer": "proxy",
  "program-proxy": "proxy",
  "host-snapshot": "windows",
  "host-prober": "windows",
  "host-probe": "windows",
  "control-probe": "windows",
  "host-counters": "windows",
  "kernel-watch": "kernel",
  "kernel-drop": "kernel",
  "kernel-flow": "kernel",
  "kernel-probe": "kernel",
  "kernel-counters": "kernel",
  "kernel-watch-ended": "kernel",
  "counter-check": "kernel",
  program: "program",
  "program-connection": "program",
  watched: "watch",
} as const satisfies Readonly<Record<ProbeEvent["kind"], Group | null>>;

export function groupSpans({ events }: Report): readonly SpanData[] {
  const groups = new Map<Group, ProbeEvent[]>();
  for (const event of events) {
    const group = GROUPS[event.kind];
    if (group === null) continue;
    const own = groups.get(group) ?? [];
    own.push(event);
    groups.set(group, own);
  }
  return [...groups].map(([group, own]) => spanOf(group, own));
}

function spanOf(group: Group, own: readonly ProbeEvent[]): SpanData {
  const startMs = own.reduce((least, event) => Math.min(least, beganMs(event)), own[0]?.atMs ?? 0);
  const endMs = own.reduce((most, { atMs }) => Math.max(most, atMs), startMs);
  return {
    name: group,
    startMs: Math.max(0, startMs),
    endMs,
    attributes: { "wsl_trace.group": group, "wsl_trace.events": own.length },
    events: [],
    error: null,
  };
}

/** When what an event tells of began, as far as it says so. */
function beganMs(event: ProbeEvent): number {
  if ("sentAtMs" in event && typeof event.sentAtMs === "number") return event.sentAtMs;
  if ("sinceStartMs" in event) return event.atMs - event.sinceStartMs;
  return event.atMs;
}
