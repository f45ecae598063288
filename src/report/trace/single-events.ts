// Events that a finding rests on, each in a few words that are alike in every language: what was asked, and whether it came out well.

import { proxyName } from "../../facts/connection/proxy-state.ts";
import { formatDrop } from "../../facts/kernel/own-packets.ts";
import type { ProbeEvent } from "../../schema/event.ts";

export interface One {
  readonly good: boolean;
  readonly detail: string;
}

export function hostProbe(event: ProbeEvent): readonly One[] {
  if (event.kind !== "host-probe") return [];
  const { try: one } = event;
  if (one.ask === "resolve") {
    return [
      {
        good: one.error === null,
        detail: `resolve ${one.name}: ${one.error ?? one.addresses.join(", ")}`,
      },
    ];
  }
  const good = ["connected", "refused", "answered", "reply", "answers", "too-big"].includes(
    one.outcome,
  );
  return [{ good, detail: `${one.ask} ${one.address}: ${one.outcome}` }];
}

export function request(event: ProbeEvent): readonly One[] {
  switch (event.kind) {
    case "proxy-attempt":
    case "direct-attempt":
      return event.steps
        .slice(-1)
        .map(({ ok, step, detail }) => ({ good: ok, detail: `${step}: ${detail}` }));
    case "proxy-answer":
      return [{ good: event.ok, detail: event.detail }];
    case "portal-check":
      return [
        { good: event.status !== null, detail: `${event.address}: ${event.status ?? event.error}` },
      ];
    case "datagram-attempt":
      return [
        { good: event.outcome.kind === "reply", detail: `${event.protocol} ${event.outcome.kind}` },
      ];
    case "open-flow":
      return [
        {
          good: event.repeated === 0,
          detail: `${event.repeated}/${event.roundTrips}`,
        },
      ];
    case "silence-check":
      return [{ good: false, detail: silenceDetail(event) }];
    case "ecn-check":
      return [{ good: event.connected, detail: ecnDetail(event) }];
    case "quic-probe":
      return [
        {
          good: event.outcome.kind === "version-negotiation",
          detail: `QUIC ${event.outcome.kind}`,
        },
      ];
    case "libc-lookup":
      return [
        {
          good: event.addresses.length > 0,
          detail: `getent ahosts ${event.name}: ${event.addresses.join(", ") || `exit ${event.exitCode}`}`,
        },
      ];
    case "probe-skipped":
      return [{ good: false, detail: `${event.probe}: ${event.reason}` }];
    default:
      return [];
  }
}

function silenceDetail({ nearer, raw }: Extract<ProbeEvent, { kind: "silence-check" }>): string {
  const ttls = nearer.map(({ ttl, accepted }) => `TTL ${ttl} ${accepted ? "SYN-ACK" : "-"}`);
  return [...ttls, ...(raw === null ? [] : [`ACK +${raw.aheadBytes}`])].join(", ") || "-";
}

function ecnDetail({
  asked,
  connected,
  repeated,
  answerMs,
}: Extract<ProbeEvent, { kind: "ecn-check" }>): string {
  const name = asked ? "ECN" : "no ECN";
  if (!connected) return `${name}: SYN -`;
  return `${name}: SYN-ACK, ${answerMs === null ? "-" : `${Math.round(answerMs)} ms`}, ${repeated} x RTO`;
}

const BYTES_PER_KB = 1000;

export function transfer(event: ProbeEvent): readonly One[] {
  if (event.kind === "upload") {
    const { outcome, ackedBytes } = event;
    const kb = Math.round(ackedBytes / BYTES_PER_KB);
    return [{ good: outcome !== "stalled", detail: `upload: ${kb} kB, ${outcome}` }];
  }
  if (event.kind !== "transfer") return [];
  const { variant, outcome, receivedBytes } = event;
  const good = outcome === "ended" || outcome === "enough";
  return [
    { good, detail: `${variant}: ${Math.round(receivedBytes / BYTES_PER_KB)} kB, ${outcome}` },
  ];
}

export function drop(event: ProbeEvent): readonly One[] {
  if (event.kind === "kernel-drop") return [{ good: false, detail: formatDrop(event) }];
  if (event.kind !== "kernel-flow") return [];
  const { interface: device, sent, received } = event;
  return [{ good: received > 0, detail: `${device ?? "?"}: ${sent} sent, ${received} received` }];
}

/** What is short enough to be told whole. */
export function detailOf(event: ProbeEvent): string | null {
  switch (event.kind) {
    case "route-lookup":
      return event.outcome.kind === "route"
        ? `${event.address} via ${event.outcome.gateway ?? "-"} dev ${event.outcome.interface} src ${event.outcome.source}`
        : `${event.address}: ${event.outcome.error}`;
    case "resolver-config":
      return event.problem ?? event.servers.map((server) => `nameserver ${server}`).join(", ");
    case "neighbour":
      return `${event.address} dev ${event.interface}: ${event.state ?? "-"}`;
    case "proxy-config":
      return `${event.variable}: ${proxyName(event)}`;
    default:
      return null;
  }
}
