// Figures over a whole run.

import type { Path } from "../model/path.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { ProbeOutcome } from "../schema/events/probe.ts";
import { lastInfo } from "./connection/attempt.ts";

/** Packets that left this machine: probes, DNS queries, TCP segments where the kernel counts them. */
export function packetsSent(path: Path): number {
  return Object.values(PACKETS).reduce((sum, count) => sum + count(path), 0);
}

type Count = (path: Path) => number;

const none: Count = () => 0;
/**
 * Of a connection to a proxy or a captive portal nobody reads how many segments it had. The fewest: SYN and ACK, the request, FIN
 * (RFC 9293 s.3.5).
 */
const EXCHANGE = 4;

type Steps = Path["proxyAttempt"] | Path["directAttempt"];

/** One packet for each step that was tried, a name's query among them, and two more of a connection that came about. */
function fewest(attempt: Steps): number {
  if (attempt === null) return 0;
  const { steps } = attempt;
  const connected = steps.some(({ step, ok }) => step === "connect" && ok);
  return steps.length + (connected ? 2 : 0);
}

/** What the events of each kind stand for; a new kind does not compile until it has its row. */
const PACKETS: Readonly<Record<ProbeEvent["kind"], Count>> = {
  // Its rounds are counted beside the run.
  watched: none,
  probe: ({ probes, flowProbes }) => leftCount([...probes, ...flowProbes]),
  "control-probe": ({ controls }) => leftCount(controls),
  "dns-reply": ({ dns }) => sentCount(dns),
  "dns-check": ({ dnsChecks }) => sentCount(dnsChecks),
  "dns-race": ({ dnsRaces }) => sentCount(dnsRaces),
  "quic-probe": ({ quic }) => sentCount(quic),
  "datagram-attempt": ({ datagram }) => datagram?.asked ?? 0,
  "hop-name": ({ hopNames }) => hopNames.length,
  "tcp-started": ({ attempts }) =>
    attempts.reduce((sum, attempt) => sum + (lastInfo(attempt)?.segsOut ?? 1), 0),
  transfer: ({ transfers }) => transfers.reduce((sum, { info }) => sum + (info?.segsOut ?? 1), 0),
  "ecn-check": ({ ecnChecks }) => ecnChecks.reduce((sum, { segsOut }) => sum + segsOut, 0),
  // A SYN for each; and the raw one's SYN, request and keep-alives.
  "silence-check": ({ silenceCheck }) =>
    (silenceCheck?.nearer.length ?? 0) + (silenceCheck?.raw == null ? 0 : EXCHANGE),
  upload: ({ uploads }) => uploads.reduce((sum, { info }) => sum + (info.segsOut ?? 1), 0),
  "counter-check": ({ kernel }) =>
    (kernel.check?.trials ?? []).reduce((sum, { connects }) => sum + connects, 0),
  "portal-check": ({ captivePortalChecks }) =>
    captivePortalChecks.reduce((sum, { status }) => sum + (status === null ? 1 : EXCHANGE), 0),
  "wildcard-check": ({ wildcard }) => (wildcard === null ? 0 : 1),
  "proxy-attempt": ({ proxyAttempt }) => fewest(proxyAttempt),
  "direct-attempt": ({ directAttempt }) => fewest(directAttempt),
  // SYNs and small segments; of its handshake nobody reads how many it had.
  "open-flow": ({ openFlows }) =>
    openFlows.reduce(
      (sum, { begun, roundTrips, repeated }) => sum + begun + roundTrips + repeated,
      0,
    ),
  "inbound-attempt": ({ serviceAttempts }) => serviceAttempts.length,
  // What became of packets that are counted above.
  "late-reply": none,
  "tcp-stage": none,
  "tcp-stalled": none,
  "tcp-ended": none,
  certificate: none,
  "alt-svc": none,
  "protocol-answer": none,
  "http-answer": none,
  "too-big-counted": none,
  "kernel-drop": none,
  "kernel-flow": none,
  "kernel-probe": none,
  "kernel-counters": none,
  // The host sends these itself.
  "host-probe": none,
  "host-prober": none,
  "host-counters": none,
  "host-snapshot": none,
  // The C library sends its own queries.
  "libc-lookup": none,
  // The program sends its own packets.
  program: none,
  "program-connection": none,
  // Read, not sent; the run's own course.
  vantage: none,
  "tcp-settings": none,
  rung: none,
  "packet-marks": none,
  interfaces: none,
  routes: none,
  "policy-rules": none,
  "multipath-routes": none,
  neighbour: none,
  conntrack: none,
  "local-port-range": none,
  "local-listener": none,
  "inbound-service": none,
  "inbound-arrival": none,
  "inbound-count": none,
  "resolver-config": none,
  "resolver-upstream": none,
  "resolver-way": none,
  "target-addresses": none,
  "route-lookup": none,
  "proxy-config": none,
  "proxy-answer": none,
  "program-proxy": none,
  "ssh-settings": none,
  unreadable: none,
  "kernel-watch": none,
  "kernel-watch-ended": none,
  "probe-skipped": none,
  "run-started": none,
  "run-ended": none,
};

function leftCount(probes: readonly { readonly outcome: ProbeOutcome }[]): number {
  return probes.filter(({ outcome }) => outcome.kind !== "send-failed").length;
}

function sentCount(queries: readonly { readonly sent: number }[]): number {
  return queries.reduce((sum, { sent }) => sum + sent, 0);
}
