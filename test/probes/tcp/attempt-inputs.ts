// What happens to an attempt, by hand, and an attempt that is led through it.

import type { AttemptInput } from "../../../probes/tcp/attempt-input.ts";
import {
  type AttemptSubject,
  startProgress,
  step,
  waitingStage,
} from "../../../probes/tcp/attempt-state.ts";
import type { CertificateFacts } from "../../../probes/tcp/tls-certificate.ts";
import type { EventBody } from "../../../src/schema/event.ts";
import type { TcpInfo } from "../../../src/schema/events/tcp.ts";
import { tcpInfo } from "../../builders/tcp.ts";

export const HTTPS: AttemptSubject = {
  name: "t1",
  purpose: "default",
  address: "192.0.2.1",
  family: 4,
  port: 443,
  scheme: "https",
  goal: "http",
};
export const HTTP: AttemptSubject = { ...HTTPS, port: 80, scheme: "http" };
export const SWEEP: AttemptSubject = { ...HTTPS, purpose: "mss-sweep", goal: "tls" };
export const CONNECT_ONLY: AttemptSubject = { ...HTTPS, scheme: null, goal: "connect" };

export const SYN_SENT = tcpInfo({ state: 2, rttMs: 0, bytesAcked: 0 });
/** Connected, with a round trip of 10 ms. */
export const OPEN = tcpInfo({ bytesAcked: 1 });
export const ASKED = tcpInfo({ bytesAcked: 300 });
export const GAP = { ...ASKED, dataSegsIn: 1, rcvOooPack: 1 };
export const ANSWERED = { ...ASKED, bytesReceived: 5200, dataSegsIn: 5 };

export const CERTIFICATE: CertificateFacts = {
  authorized: true,
  error: null,
  problem: null,
  names: [],
  fingerprint: "00",
  issuerFingerprint: null,
  subject: "www.example.test",
  issuer: "Example CA",
  validFrom: "",
  validTo: "",
  protocol: "TLSv1.3",
};
const NO_FIELDS = { altSvc: null, location: null, date: null };

export const at = (sinceStartMs: number, info: TcpInfo | null) => ({ sinceStartMs, info });
export const connected = (ms: number): AttemptInput => ({ kind: "connected", ...at(ms, OPEN) });
export const watched = (
  ms: number,
  info: TcpInfo | null,
  siblingIdleMs = 9999,
  readBytes = 0,
): AttemptInput => ({
  kind: "watched",
  siblingIdleMs,
  patienceMs: 0,
  readBytes,
  ...at(ms, info),
});
export const secured = (ms: number, certificate: CertificateFacts | null = null): AttemptInput => ({
  kind: "secured",
  certificate,
  ...at(ms, ANSWERED),
});
export const answered = (
  ms: number,
  status = "HTTP/1.1 200 OK",
  info = ANSWERED,
): AttemptInput => ({
  kind: "answered",
  status,
  fields: NO_FIELDS,
  ...at(ms, info),
});
export const ended = (ms: number): AttemptInput => ({
  kind: "ended",
  result: null,
  ...at(ms, ANSWERED),
});
export const stopped = (ms: number, info: TcpInfo | null, aborted = false): AttemptInput => ({
  kind: "stopped",
  aborted,
  ...at(ms, info),
});

export function run(subject: AttemptSubject, inputs: readonly AttemptInput[]) {
  const events: EventBody[] = [];
  let progress = startProgress(subject);
  for (const input of inputs) {
    const next = step(progress, input);
    progress = next.progress;
    events.push(...next.events);
  }
  return { progress, events, lines: events.map(line), waiting: waitingStage(progress) };
}

/** An event in short. */
function line(event: EventBody): string {
  switch (event.kind) {
    case "tcp-stage":
      return `${event.sinceStartMs} ${event.stage} ${event.result.kind} after ${event.ms}`;
    case "tcp-stalled":
      return `${event.sinceStartMs} ${event.stage} stalled`;
    case "tcp-ended":
      return `${event.sinceStartMs} ended${event.complete ? " complete" : ""}`;
    default:
      return event.kind;
  }
}
