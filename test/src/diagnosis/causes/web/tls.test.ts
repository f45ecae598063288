// Rules about who ends TLS and about QUIC: what proves it, and what only looks like it.

import { describe, expect, test } from "vitest";
import { diagnosisOf as diagnose } from "../../../../../src/report/diagnosis.ts";
import type { EventBody } from "../../../../../src/schema/event.ts";
import type { Certificate, TcpPurpose, TcpResult } from "../../../../../src/schema/events/tcp.ts";
import type { QuicProbe } from "../../../../../src/schema/events/web.ts";
import { pathOf, TARGET } from "../../../../builders/events.ts";
import { run } from "../../../../builders/runs.ts";
import {
  certificate,
  connected,
  NO_REPLY,
  OK,
  passing,
  stage,
  tcpInfo,
} from "../../../../builders/tcp.ts";

const RESET: TcpResult = { kind: "failed", code: "ECONNRESET", detail: "reset" };
/** No longer than twice what a handshake takes. */
const BRIEF: TcpResult = { kind: "no-reply", waitedMs: 15 };
const CLOSED: TcpResult = { kind: "failed", code: "CLOSED", detail: "closed" };
const ALERT: TcpResult = {
  kind: "failed",
  code: "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
  detail: "alert 112",
};

/** A handshake that ends so. */
function handshake(name: string, purpose: TcpPurpose, result: TcpResult): readonly EventBody[] {
  return [
    ...connected(name, { purpose }),
    stage(name, "tls", 40, result, tcpInfo()),
    { kind: "tcp-ended", attempt: name, complete: false, sinceStartMs: 40, info: tcpInfo() },
  ];
}

const swept = (result: TcpResult) =>
  [576, 1280].flatMap((offered, n) => [
    ...connected(`s${n}`, { offered }),
    {
      kind: "tcp-stalled" as const,
      attempt: `s${n}`,
      stage: "tls" as const,
      sinceStartMs: 99,
      info: tcpInfo(),
    },
    stage(`s${n}`, "tls", 999, result, tcpInfo()),
  ]);

const diagnosed = (...tcp: readonly EventBody[]) => diagnose(pathOf(...run({ tcp })));
const causes = (...tcp: readonly EventBody[]) =>
  diagnosed(...tcp).findings.map(({ cause, severity }) => `${cause} ${severity}`);

describe("tls-middlebox-reset", () => {
  const tried = (
    first: TcpResult,
    other: TcpResult,
    again: TcpResult,
    sweep: readonly EventBody[] = [],
  ) =>
    causes(
      ...handshake("t1", "default", first),
      ...sweep,
      ...handshake("t2", "other-name", other),
      ...handshake("t3", "same-name", again),
    );

  test.each([
    { what: "finishes", other: OK },
    { what: "is refused in TLS", other: ALERT },
  ])("fires where the name is reset twice and another $what", ({ other }) => {
    expect(tried(RESET, other, RESET)).toEqual(["tls-middlebox-reset fault"]);
  });

  test("fires where the name stays unanswered at every size", () => {
    expect(tried(NO_REPLY, OK, NO_REPLY, swept(NO_REPLY))).toEqual(["tls-middlebox-reset fault"]);
  });

  test.each([
    {
      what: "the other name is reset too",
      ends: [RESET, RESET, RESET],
      instead: "connection-closed",
    },
    { what: "the same name was answered later", ends: [RESET, OK, OK], instead: "attempt-failed" },
    {
      what: "it fails in more than one way",
      ends: [RESET, OK, NO_REPLY],
      instead: "attempt-failed",
    },
    {
      what: "the server closes in order",
      ends: [CLOSED, OK, CLOSED],
      instead: "attempt-failed",
    },
    { what: "the refusal comes in TLS", ends: [ALERT, OK, ALERT], instead: "server-refuses" },
    {
      what: "no sizes were tried in a silence",
      ends: [NO_REPLY, OK, NO_REPLY],
      instead: "attempt-failed",
    },
  ] as const)("does not where $what", ({ ends: [first, other, again], instead }) => {
    expect(tried(first, other, again)).toEqual([`${instead} fault`]);
  });

  test("is not checked where no other name was tried", () => {
    const { notChecked } = diagnosed(...handshake("t1", "default", RESET));
    expect(notChecked.map(({ cause }) => cause)).toContain("tls-middlebox-reset");
  });
});

describe("tls-inspection-untrusted-ca", () => {
  const OWN: Partial<Certificate> = {
    problem: "unknown-issuer",
    names: ["www.example.test"],
    fingerprint: "AA",
    issuer: "Box",
    issuerFingerprint: null,
  };
  const OTHER: Partial<Certificate> = { ...OWN, names: ["example.com"], fingerprint: "BB" };

  function shown(own: Partial<Certificate>, other: Partial<Certificate>): readonly EventBody[] {
    const untrusted = (attempt: string) =>
      certificate(attempt, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY");
    const foreign = handshake("t2", "other-name", OK).map((event) =>
      event.kind === "tcp-started" ? { ...event, serverName: "example.com" } : event,
    );
    const first = passing("t1").map((event) =>
      event.kind === "certificate" ? { ...untrusted("t1"), ...own } : event,
    );
    return [...first, ...foreign, { ...untrusted("t2"), ...other }].filter(isEvent);
  }

  test("fires where the unknown issuer made a certificate for a foreign name", () => {
    expect(causes(...shown(OWN, OTHER))).toEqual(["tls-inspection-untrusted-ca fault"]);
  });

  test.each([
    { what: "the same certificate is shown", other: { ...OTHER, fingerprint: "AA" } },
    { what: "the other is for the target's name", other: { ...OTHER, names: OWN.names } },
    { what: "another issuer signed it", other: { ...OTHER, issuer: "Somebody" } },
    { what: "an issuer of the same name signed it", other: { ...OTHER, issuerFingerprint: "CC" } },
  ])("does not where $what", ({ other }) => {
    expect(causes(...shown(OWN, { ...other }))).toEqual([]);
  });

  test("does not where the server's own certificate has the foreign name", () => {
    const own = { ...OWN, names: ["www.example.test", "example.com"] };
    expect(causes(...shown(own, OTHER))).toEqual([]);
  });
});

/** Spreading an event over another loses its kind to the compiler, not to the reader. */
function isEvent(event: object): event is EventBody {
  return "kind" in event;
}

describe("quic-blocked", () => {
  const OFFER: EventBody = { kind: "alt-svc", attempt: "t1", value: 'h3=":443"' };
  const probe = (outcome: QuicProbe["outcome"]): EventBody => ({
    kind: "quic-probe",
    address: TARGET,
    port: 443,
    outcome,
    rttMs: null,
    sent: 4,
  });
  const silent = probe({ kind: "no-reply", waitedMs: 1800 });

  test("is a note where HTTP/3 is offered and QUIC is silent or refused", () => {
    const refused = probe({ kind: "unreachable", error: "ECONNREFUSED" });
    expect(causes(...passing("t1"), OFFER, silent)).toEqual(["quic-blocked note"]);
    expect(causes(...passing("t1"), OFFER, refused)).toEqual(["quic-blocked note"]);
    expect(diagnosed(...passing("t1"), OFFER, silent).verdict).toBe("healthy");
  });

  test.each([
    {
      what: "the server answers in QUIC",
      events: [OFFER, probe({ kind: "version-negotiation", versions: ["0x1"] })],
    },
    { what: "no HTTP/3 is offered", events: [silent] },
    { what: "nothing was sent", events: [OFFER] },
  ])("does not fire where $what", ({ events }) => {
    expect(causes(...passing("t1"), ...events)).toEqual([]);
  });
});

describe("tls-large-hello-lost", () => {
  const padded = (firstFlightBytes: number, events: readonly EventBody[]) =>
    events.map((event) =>
      event.kind === "tcp-started" ? { ...event, firstFlightBytes, mss: 1160 } : event,
    );
  const large = (name: string, result: TcpResult) =>
    padded(1800, handshake(name, "large-hello", result));
  const small = (name: string, result: TcpResult) =>
    padded(500, handshake(name, "same-name", result));
  const tried = (ends: readonly TcpResult[]) => [
    ...passing("t1"),
    ...ends.flatMap((end, n) => (n % 2 === 0 ? large : small)(`h${n}`, end)),
  ];

  test.each([
    { what: "reset", end: RESET },
    { what: "closed", end: CLOSED },
    { what: "unanswered", end: NO_REPLY },
  ])("fires where all are $what and the small ones between them are answered", ({ end }) => {
    expect(causes(...tried([end, OK, end, OK, end]))).toEqual(["tls-large-hello-lost warning"]);
    expect(diagnosed(...tried([end, OK, end, OK, end])).verdict).toBe("degraded");
  });

  test.each([
    { what: "one was answered later", ends: [RESET, OK, RESET, OK, OK] },
    { what: "a small one failed as well", ends: [RESET, OK, RESET, RESET, RESET] },
    { what: "they are refused in TLS", ends: [ALERT, OK, ALERT, OK, ALERT] },
    {
      what: "they were waited for no longer than the small ones took",
      ends: [BRIEF, OK, BRIEF, OK, BRIEF],
    },
  ] as const)("does not where $what", ({ ends }) => {
    expect(causes(...tried(ends))).toEqual([]);
  });

  test("does not fire after fewer than three", () => {
    const twice = [
      ...passing("t1"),
      ...large("h0", RESET),
      ...small("h1", OK),
      ...large("h2", RESET),
    ];
    expect(causes(...twice)).toEqual([]);
  });
});
