// An attempt without a socket: what each reading, answer, error and end makes of it.

import { expect, test } from "vitest";
import type { AttemptInput } from "../../../probes/tcp/attempt-input.ts";
import { type AttemptSubject, step } from "../../../probes/tcp/attempt-state.ts";
import {
  ANSWERED,
  ASKED,
  answered,
  at,
  CERTIFICATE,
  CONNECT_ONLY,
  connected,
  ended,
  GAP,
  HTTP,
  HTTPS,
  OPEN,
  run,
  SWEEP,
  SYN_SENT,
  secured,
  stopped,
  watched,
} from "./attempt-inputs.ts";

test("a refused connection ends at once, with the kernel's error and its sense", () => {
  const refused: AttemptInput = {
    kind: "connect-failed",
    code: "ECONNREFUSED",
    ...at(12, SYN_SENT),
  };
  const { progress, events } = run(HTTPS, [watched(1, SYN_SENT), refused]);
  expect(events).toEqual([
    {
      kind: "tcp-stage",
      attempt: "t1",
      stage: "connect",
      sinceStartMs: 12,
      ms: 12,
      result: {
        kind: "failed",
        code: "ECONNREFUSED",
        detail: "the port is closed: the answer was a reset",
      },
      info: SYN_SENT,
    },
    { kind: "tcp-ended", attempt: "t1", complete: false, sinceStartMs: 12, info: SYN_SENT },
  ]);
  expect(progress).toMatchObject({ phase: "over", decided: true });
});

test("a socket that cannot be opened fails without a reading", () => {
  const { events, progress } = run(HTTPS, [
    { kind: "open-failed", code: "EAFNOSUPPORT", ...at(0, null) },
  ]);
  expect(events).toMatchObject([
    { stage: "connect", result: { code: "EAFNOSUPPORT", detail: "EAFNOSUPPORT" }, info: null },
    { kind: "tcp-ended", info: null },
  ]);
  expect(progress.phase).toBe("over");
});

test("a reset after the SYN's answer is one of the next stage: the port is open", () => {
  const reset: AttemptInput = {
    kind: "connect-failed",
    code: "ECONNRESET",
    ...at(12, OPEN),
  };
  expect(run(HTTPS, [reset]).lines).toEqual([
    "12 connect ok after 12",
    "12 tls failed after 0",
    "12 ended",
  ]);
  expect(run(HTTP, [reset]).lines[1]).toBe("12 http failed after 0");
  expect(run(CONNECT_ONLY, [reset]).lines).toEqual(["12 connect failed after 12", "12 ended"]);
});

test("an attempt that only connects is over when it did", () => {
  const { events, progress } = run(CONNECT_ONLY, [connected(10)]);
  expect(events).toMatchObject([
    { stage: "connect", result: { kind: "ok", detail: "192.0.2.1 port 443" } },
    { kind: "tcp-ended", complete: false },
  ]);
  expect(progress).toMatchObject({ phase: "over", decided: true });
});

test("a SYN that is repeated is a stall, once, and the connection may still come", () => {
  const repeated = { ...SYN_SENT, totalRetrans: 1 };
  const silent = [watched(1, SYN_SENT), watched(1001, SYN_SENT)];
  expect(run(HTTPS, silent).lines).toEqual([]);
  const stalled = run(HTTPS, [...silent, watched(1002, repeated), watched(3000, repeated)]);
  expect(stalled.lines).toEqual(["1002 connect stalled"]);
  expect(stalled.progress).toMatchObject({ phase: "connecting", decided: true });
  expect(stalled.waiting).toBe("connect");
  const late = run(HTTPS, [...silent, watched(1002, repeated), connected(1010)]);
  expect(late.lines).toEqual(["1002 connect stalled", "1010 connect ok after 1010"]);
  expect(late.progress).toMatchObject({ phase: "exchanging", stage: "tls", stalled: false });
});

test("without data out of order a server has three round trips and time to compute", () => {
  const asked = [connected(10), watched(12, ASKED)];
  expect(run(HTTPS, [...asked, watched(102, ASKED)]).lines).toEqual(["10 connect ok after 10"]);
  const { lines, progress, waiting } = run(HTTPS, [...asked, watched(103, ASKED)]);
  expect(lines.at(-1)).toBe("103 tls stalled");
  expect(progress).toMatchObject({ phase: "exchanging", gap: false, decided: true });
  expect(waiting).toBe("tls");
});

test("with data out of order two round trips are enough", () => {
  const asked = [connected(10), watched(12, ASKED)];
  expect(run(HTTPS, [...asked, watched(42, GAP)]).progress.decided).toBe(false);
  const { lines, progress } = run(HTTPS, [...asked, watched(43, GAP)]);
  expect(lines.at(-1)).toBe("43 tls stalled");
  expect(progress.gap).toBe(true);
});

test("a server that is busy with a sibling is not silent, unless data came out of order", () => {
  const asked = [connected(10), watched(12, ASKED)];
  expect(run(SWEEP, [...asked, watched(500, ASKED, 90)]).progress.stalled).toBe(false);
  expect(run(SWEEP, [...asked, watched(500, ASKED, 91)]).progress.stalled).toBe(true);
  expect(run(SWEEP, [...asked, watched(500, GAP, 0)]).progress.stalled).toBe(true);
});

test("every byte that moves starts the wait anew", () => {
  const more = { ...ASKED, bytesReceived: 100, dataSegsIn: 1 };
  const moving = [connected(10), watched(12, ASKED), watched(90, more), watched(179, more)];
  expect(run(HTTPS, moving).progress.stalled).toBe(false);
  expect(run(HTTPS, [...moving, watched(181, more)]).lines.at(-1)).toBe("181 tls stalled");
});

test("after a stall the handshake may still pass, and the next stage is watched afresh", () => {
  const recovered = { ...ANSWERED, rcvOooPack: 1 };
  const stalled = [connected(10), watched(12, ASKED), watched(50, GAP)];
  const passed: AttemptInput = { ...secured(900), info: recovered };
  const { lines, progress } = run(HTTPS, [...stalled, passed, watched(901, recovered)]);
  expect(lines.slice(1)).toEqual(["50 tls stalled", "900 tls ok after 890"]);
  // The gap of before is in the reading that the stage began with.
  expect(progress).toMatchObject({ stage: "http", stalled: false, gap: false });
  const again = run(HTTPS, [...stalled, passed, watched(901, recovered), watched(992, recovered)]);
  expect(again.lines.at(-1)).toBe("992 http stalled");
});

test("TLS, then HTTP: certificate, stages and what the answer says, in this order", () => {
  const fields = { altSvc: 'h3=":443"', location: "/there", date: "Sun, 22 Nov 2026 10:00:00 GMT" };
  const { events, lines, progress } = run(HTTPS, [
    connected(10),
    watched(11, OPEN),
    secured(30, CERTIFICATE),
    { kind: "answered", status: "HTTP/1.1 302 Found", fields, ...at(45, ANSWERED) },
    ended(50),
  ]);
  expect(lines).toEqual([
    "10 connect ok after 10",
    "certificate",
    "30 tls ok after 20",
    "45 http ok after 15",
    "alt-svc",
    "http-answer",
    "50 ended complete",
  ]);
  expect(events.slice(1)).toMatchObject([
    { attempt: "t1", subject: "www.example.test", authorized: true },
    { result: { detail: "TLSv1.3" } },
    { result: { detail: "HTTP/1.1 302 Found" } },
    { attempt: "t1", value: 'h3=":443"' },
    { attempt: "t1", status: 302, location: "/there", date: fields.date },
    {},
  ]);
  expect(progress.phase).toBe("over");
});

test("a handshake whose certificate is not asked for is TLS, and settles what wants no more", () => {
  const swept = run(SWEEP, [connected(10), secured(30)]);
  expect(swept.events.at(-1)).toMatchObject({ stage: "tls", result: { detail: "TLS" } });
  expect(swept.progress).toMatchObject({ phase: "exchanging", decided: true });
  expect(run(HTTPS, [connected(10), secured(30)]).progress.decided).toBe(false);
});

test("only the default attempt reports its HTTP answer", () => {
  const { lines } = run(SWEEP, [connected(10), secured(30), answered(45)]);
  expect(lines.at(-1)).toBe("45 http ok after 15");
});

test("an answer that falls quiet is decided, and stays open", () => {
  const talk = [connected(10), watched(12, ANSWERED), answered(45)];
  expect(run(HTTP, [...talk, watched(62, ANSWERED)]).progress.decided).toBe(false);
  const quiet = run(HTTP, [...talk, watched(63, ANSWERED)]);
  expect(quiet.progress).toMatchObject({ phase: "exchanging", decided: true, stalled: false });
  expect(quiet.waiting).toBe(null);
});

test("an answer that stops behind a missing segment is a stall of its stage", () => {
  const cut = { ...ANSWERED, rcvOooPack: 1 };
  const talk = [connected(10), watched(12, ANSWERED), answered(45, "HTTP/1.1 200 OK", cut)];
  const { lines, waiting } = run(HTTP, [...talk, watched(46, cut)]);
  expect(lines.at(-1)).toBe("46 http stalled");
  expect(waiting).toBe("http");
});

test("another protocol fails TLS, and is an answer without a code to a plain request", () => {
  const other = { kind: "other-protocol", detail: "the answer is not TLS" } as const;
  const tls = run(HTTPS, [connected(10), { kind: "ended", result: other, ...at(25, ANSWERED) }]);
  expect(tls.events.slice(1)).toMatchObject([
    { stage: "tls", ms: 15, result: other },
    { kind: "tcp-ended", complete: false },
  ]);
  const plain = run(HTTP, [connected(10), answered(25, "answered, not in HTTP")]);
  expect(plain.lines.slice(1)).toEqual(["25 http ok after 15"]);
});

test("closed by the far side without a word, its stage has failed", () => {
  const closed = { kind: "failed", code: "CLOSED", detail: "closed without an answer" } as const;
  const end: AttemptInput = { kind: "ended", result: closed, ...at(25, null) };
  const { events, progress } = run(HTTPS, [connected(10), watched(12, ASKED), end]);
  // The socket is gone and has no reading: the newest one stands.
  expect(events.slice(1)).toMatchObject([
    { stage: "tls", result: closed, info: ASKED },
    { kind: "tcp-ended", complete: false, info: ASKED },
  ]);
  expect(progress).toMatchObject({ phase: "over", decided: true });
});

test("the kernel's own time-out ends the connect stage", () => {
  const timeout: AttemptInput = {
    kind: "connect-failed",
    code: "ETIMEDOUT",
    ...at(130_000, null),
  };
  const { events, lines } = run(HTTPS, [watched(1, SYN_SENT), watched(1002, SYN_SENT), timeout]);
  expect(lines).toEqual([
    "1002 connect stalled",
    "130000 connect failed after 130000",
    "130000 ended",
  ]);
  expect(events[1]).toMatchObject({ result: { detail: "no answer to any SYN" }, info: SYN_SENT });
});

test.each<[string, AttemptSubject, readonly AttemptInput[], string]>([
  ["connect", HTTPS, [], "900 connect no-reply after 900"],
  ["tls", HTTPS, [connected(10)], "900 tls no-reply after 890"],
  ["http, after TLS", HTTPS, [connected(10), secured(30)], "900 http no-reply after 870"],
  ["http", HTTP, [connected(10)], "900 http no-reply after 890"],
])("stopped in %s, that stage had no reply", (_, subject, inputs, expected) => {
  const { lines, events, progress, waiting } = run(subject, [...inputs, stopped(900, OPEN)]);
  expect(lines.slice(-2)).toEqual([expected, "900 ended"]);
  expect(events.at(-1)).toMatchObject({ complete: false, info: OPEN });
  expect(progress).toMatchObject({ phase: "over", decided: true });
  expect(waiting).toBe(null);
});

test("stopped with an answer, or past what it was for, it just ends", () => {
  const whole = [connected(10), secured(30), answered(45), stopped(900, ANSWERED)];
  expect(run(HTTPS, whole).lines.at(-2)).toBe("http-answer");
  const past = [connected(10), secured(30), stopped(900, ANSWERED)];
  expect(run(SWEEP, past).lines.slice(1)).toEqual(["30 tls ok after 20", "900 ended"]);
});

test("in a run that ends early, only a stage that had stalled had no reply", () => {
  const asked = [connected(10), watched(12, ASKED)];
  expect(run(HTTPS, [...asked, stopped(50, ASKED, true)]).lines.at(-2)).toBe(
    "10 connect ok after 10",
  );
  const stalled = run(HTTPS, [...asked, watched(200, ASKED), stopped(250, ASKED, true)]);
  expect(stalled.lines.slice(-2)).toEqual(["250 tls no-reply after 240", "250 ended"]);
});

test("an attempt that ends before it is decided is decided by that", () => {
  const { lines, progress } = run(HTTPS, [connected(10), { kind: "aborted", ...at(20, OPEN) }]);
  expect(lines).toEqual(["10 connect ok after 10", "20 ended"]);
  expect(progress).toMatchObject({ phase: "over", decided: true });
});

test("once it is over, nothing that still comes changes it", () => {
  const over = run(CONNECT_ONLY, [connected(10)]).progress;
  for (const input of [watched(20, GAP), stopped(30, GAP), ended(40), connected(50)]) {
    expect(step(over, input)).toEqual({ progress: over, events: [] });
  }
});

test("where it stands is plain data", () => {
  const { progress } = run(HTTPS, [connected(10), watched(50, GAP), secured(60, CERTIFICATE)]);
  expect(JSON.parse(JSON.stringify(progress))).toEqual(progress);
});
