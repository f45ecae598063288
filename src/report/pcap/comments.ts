// What is written beside each packet of a capture file: which probe it is, of which hop, what came back, and what that proves.

import type { PacketOwner } from "../../captured-packet.ts";
import type { ProbeEvent } from "../../schema/event.ts";
import type { DnsOutcome } from "../../schema/events/dns-replies.ts";
import type { ProbeOutcome } from "../../schema/events/probe.ts";
import type { Report } from "../../schema/report.ts";
import { duration } from "../duration.ts";

/**
 * Of packet after packet: what an event proves stands at the first packet of each direction, as a connection has many.
 * @param report with the words that may be shown
 */
export function createComments(report: Report): (owner: PacketOwner) => string {
  const byId = new Map(report.events.map((event) => [event.id, event]));
  const ofAttempts = attemptsOf(report.events);
  const proofs = proofsOf(report);
  const told = new Set<string>();
  return ({ events, answer, question }) => {
    if (events.length === 0) return question === undefined ? OTHER : `${OTHER}: ${question.type}`;
    return events
      .flatMap((id) => {
        const event = byId.get(id);
        if (event === undefined) return [];
        const what = `${id}: ${answer ? answerText(event) : sentText(event)}`;
        const key = `${id} ${answer}`;
        if (told.has(key)) return [what];
        told.add(key);
        const own = event.kind === "tcp-started" ? (ofAttempts.get(event.attempt) ?? []) : [];
        const lines = [event, ...own].flatMap((one) => proofs.get(one.id) ?? []);
        return [what, ...own.flatMap(stageText), ...new Set(lines)];
      })
      .join("\n");
  };
}

/** Names of routers, and what a check beside the target sends. */
const OTHER = "of this run, beside its probes and attempts";

/** What became of each connection. */
function attemptsOf(events: readonly ProbeEvent[]): ReadonlyMap<string, readonly ProbeEvent[]> {
  const attempts = new Map<string, ProbeEvent[]>();
  for (const event of events) {
    if (!("attempt" in event) || event.kind === "tcp-started") continue;
    attempts.set(event.attempt, [...(attempts.get(event.attempt) ?? []), event]);
  }
  return attempts;
}

function stageText(event: ProbeEvent): readonly string[] {
  if (event.kind !== "tcp-stage") return [];
  const { stage, result, info } = event;
  const counts = [
    ["acknowledged", info?.bytesAcked],
    ["received", info?.bytesReceived],
  ].flatMap(([what, bytes]) => (typeof bytes === "number" ? [`${bytes} bytes ${what}`] : []));
  const came = counts.length === 0 ? "" : `; ${counts.join(", ")}`;
  if (result.kind === "ok") return [`${stage}: ok after ${duration(event.sinceStartMs)}`];
  if (result.kind === "no-reply")
    return [`${stage}: no reply in ${duration(result.waitedMs)}${came}`];
  return [`${stage}: ${result.detail}${came}`];
}

/** What each event is evidence of: findings, and the steps of the trace. */
function proofsOf({ findings, trace }: Report): ReadonlyMap<string, readonly string[]> {
  const proofs = new Map<string, string[]>();
  const add = (ids: readonly string[], line: string) => {
    for (const id of ids) proofs.set(id, [...(proofs.get(id) ?? []), line]);
  };
  for (const { cause, summary, evidence } of findings) {
    add(evidence, `evidence of ${cause}: ${summary}`);
  }
  for (const { step, evidence, proves, conclusion } of trace) {
    if (conclusion === null && proves !== "") add(evidence, `step ${step} proves: ${proves}`);
  }
  return proofs;
}

const PURPOSES = {
  hop: "who is at this TTL",
  size: "whether this size passes",
  control: "small, beside larger ones",
  flow: "whether this source port passes",
  loss: "one of many, to count losses",
  "source-port": "which source ports pass",
} as const;

function sentText(event: ProbeEvent): string {
  switch (event.kind) {
    case "probe": {
      const { protocol, ttl, sizeBytes, purpose, cookie, outcome } = event;
      const probe = `probe ${cookie & 0xffff}: ${PROTOCOLS[protocol]}, TTL ${ttl}, ${sizeBytes} bytes: ${PURPOSES[purpose]}`;
      return isAnswered(outcome) ? probe : `${probe}; ${outcomeText(outcome)}`;
    }
    case "tcp-started":
      return `connection ${event.attempt} (${event.purpose}) to port ${event.port}${event.mss === null ? "" : `, MSS ${event.mss}`}`;
    case "tcp-stage":
      return `connection ${event.attempt}: accepted after ${duration(event.sinceStartMs)}`;
    case "datagram-attempt":
      return `${event.request ?? "bytes"} to ${event.port === null ? "the host" : `port ${event.port}`}${isAnswered(event.outcome) ? "" : `; ${outcomeText(event.outcome)}`}`;
    case "dns-reply":
    case "dns-check":
      return `query for ${event.name} ${event.type} to ${event.server}${event.outcome.kind === "answer" ? "" : `; ${dnsText(event.outcome)}`}`;
    default:
      return event.kind;
  }
}

const PROTOCOLS = { udp: "UDP", icmp: "ICMP echo", tcp: "TCP SYN" } as const;

function answerText(event: ProbeEvent): string {
  switch (event.kind) {
    case "probe": {
      const came = outcomeText(event.outcome);
      const isHop = event.purpose === "hop" && event.outcome.kind === "time-exceeded";
      return `answers probe ${event.cookie & 0xffff}: ${came}${isHop ? `: hop ${event.ttl}` : ""}`;
    }
    case "datagram-attempt":
      return `answer: ${outcomeText(event.outcome)}`;
    case "tcp-started":
      return `to connection ${event.attempt} (${event.purpose})`;
    case "tcp-stage":
      return `connection ${event.attempt}: the port accepts, after ${duration(event.sinceStartMs)}`;
    case "dns-reply":
    case "dns-check":
      return `answer for ${event.name} ${event.type}: ${dnsText(event.outcome)}`;
    default:
      return event.kind;
  }
}

function isAnswered({ kind }: ProbeOutcome): boolean {
  return kind !== "no-reply" && kind !== "send-failed";
}

function outcomeText(outcome: ProbeOutcome): string {
  switch (outcome.kind) {
    case "time-exceeded":
      return `TTL expired at ${outcome.from} (${duration(outcome.rttMs)})`;
    case "unreachable":
      return `unreachable, says ${outcome.from}: type ${outcome.type} code ${outcome.code} (${duration(outcome.rttMs)})`;
    case "too-big":
      return `too large, says ${outcome.from}: MTU ${outcome.mtu} (${duration(outcome.rttMs)})`;
    case "reply":
      return `${outcome.with} of ${outcome.from} (${duration(outcome.rttMs)})`;
    case "no-reply":
      return `no reply in ${duration(outcome.waitedMs)}`;
    case "send-failed":
      return `not sent: ${outcome.error}`;
  }
}

function dnsText(outcome: DnsOutcome): string {
  switch (outcome.kind) {
    case "answer":
      return `${outcome.rcode}, ${outcome.addresses.join(", ") || "no address"}${outcome.truncated ? ", truncated" : ""}`;
    case "no-reply":
      return `no reply in ${duration(outcome.waitedMs)}`;
    case "refused":
      return "refused: no DNS there";
    case "unreachable":
      return `unreachable: ${outcome.error}`;
    case "malformed":
      return `malformed: ${outcome.why}`;
  }
}
