// An attempt in a protocol that speaks before TLS: its stages, its patience, and what is told of it in the end.

import { expect, test } from "vitest";
import type { AttemptInput } from "../../../probes/tcp/attempt-input.ts";
import type { AttemptSubject } from "../../../probes/tcp/attempt-state.ts";
import { isListening } from "../../../probes/tcp/attempt-state.ts";
import type { TalkStep } from "../../../probes/tcp/exchange-events.ts";
import type { TcpInfo } from "../../../src/schema/events/tcp.ts";
import {
  ANSWERED,
  ASKED,
  answered,
  at,
  connected,
  ended,
  HTTPS,
  OPEN,
  run,
  SYN_SENT,
  secured,
  stopped,
  watched,
} from "./attempt-inputs.ts";

const SMTP: AttemptSubject = { ...HTTPS, port: 25, scheme: "smtp" };
const SSH: AttemptSubject = { ...HTTPS, port: 22, scheme: "ssh" };
const BANNER = "220 mail.example.test ESMTP";
const GREETED = { ...OPEN, bytesReceived: 40, dataSegsIn: 1 };

const talked = (ms: number, step: TalkStep, info: TcpInfo = GREETED): AttemptInput => ({
  kind: "talked",
  talked: step,
  ...at(ms, info),
});
const greeting = (ms: number, line = BANNER) => talked(ms, { kind: "greeting", line });
const large = (ms: number, direction: "inbound" | "outbound") =>
  talked(ms, { kind: "large", direction });
const tls = (ms: number) => talked(ms, { kind: "tls" });
const failed = (ms: number, code: string): AttemptInput => ({
  kind: "ended",
  result: { kind: "failed", code, detail: BANNER },
  ...at(ms, GREETED),
});

const answerOf = (subject: AttemptSubject, inputs: readonly AttemptInput[]) =>
  run(subject, inputs).events.find(({ kind }) => kind === "protocol-answer");

test("words before TLS belong to the answer, and TLS is a stage between", () => {
  const { lines } = run(SMTP, [
    connected(10),
    greeting(20),
    large(40, "inbound"),
    tls(40),
    secured(60),
    answered(80, BANNER),
    ended(80),
  ]);
  expect(lines).toEqual([
    "10 connect ok after 10",
    "60 tls ok after 20",
    "80 http ok after 20",
    "protocol-answer",
    "80 ended complete",
  ]);
});

test("an answer is told with its first line and the sizes that were asked for and seen", () => {
  const full = { ...ANSWERED, rcvMss: 1448 };
  const inputs = [connected(10), greeting(20), large(30, "inbound"), answered(60, BANNER, full)];
  expect(answerOf(SMTP, [...inputs, { ...ended(60), info: full }])).toEqual({
    kind: "protocol-answer",
    attempt: "t1",
    protocol: "smtp",
    outcome: "answered",
    line: BANNER,
    wanted: { inbound: true, outbound: false },
    seen: { inbound: 1500, outbound: null },
  });
});

test("a large message counts as seen once a segment of it is acknowledged", () => {
  const seen = (bytesAcked: number, direction: "inbound" | "outbound") =>
    answerOf(SSH, [
      connected(10),
      greeting(20),
      large(30, direction),
      stopped(300, { ...GREETED, bytesAcked, sndMss: 1448 }),
    ]);
  expect(seen(1448, "outbound")).toMatchObject({ seen: { outbound: 1500 } });
  expect(seen(1447, "outbound")).toMatchObject({ seen: { outbound: null } });
  expect(seen(9000, "inbound")).toMatchObject({ seen: { outbound: null } });
});

test.each([
  ["a refusal in the protocol", failed(30, "REFUSED"), "refused"],
  ["an end before the answer", failed(30, "CLOSED"), "unfinished"],
  ["nothing more", stopped(3000, GREETED), "unfinished"],
] as const)("%s is told as %s", (_what, end, outcome) => {
  expect(answerOf(SMTP, [connected(10), greeting(20), end])).toMatchObject({
    outcome,
    line: BANNER,
  });
});

test("another protocol is told without a line", () => {
  const end: AttemptInput = {
    kind: "ended",
    result: { kind: "other-protocol", detail: "answered, not in SMTP: HTTP" },
    ...at(30, GREETED),
  };
  expect(answerOf(SMTP, [connected(10), end])).toMatchObject({
    outcome: "other-protocol",
    line: null,
  });
});

test("a server that never says a word is told without one", () => {
  const told = answerOf(SMTP, [connected(10), stopped(4000, OPEN)]);
  expect(told).toMatchObject({ outcome: "unfinished", line: null, seen: { inbound: null } });
});

test("nothing is told where nothing connected, nor of the web", () => {
  expect(answerOf(SMTP, [stopped(4000, SYN_SENT)])).toBeUndefined();
  expect(answerOf(HTTPS, [connected(10), secured(60), answered(80), ended(80)])).toBeUndefined();
});

test("a late greeting is no stall, though nothing waits for it any longer; what follows it may be one", () => {
  const { lines, progress } = run(SMTP, [connected(10), watched(11, OPEN), watched(900, OPEN)]);
  expect(lines).toEqual(["10 connect ok after 10"]);
  expect(isListening(progress)).toBe(true);
  const late = run(SMTP, [connected(10), watched(11, OPEN), watched(1100, OPEN)]);
  expect(late.lines).toEqual(["10 connect ok after 10"]);
  expect(late.progress.decided).toBe(true);
  expect(progress.decided).toBe(false);
  const after = run(SMTP, [
    connected(10),
    greeting(20),
    watched(21, GREETED),
    watched(150, GREETED),
  ]);
  expect(after.lines.at(-1)).toBe("150 http stalled");
  expect(isListening(after.progress)).toBe(false);
});

test("a client that speaks first waits for an answer, and for no greeting", () => {
  const postgres: AttemptSubject = { ...HTTPS, port: 5432, scheme: "postgres" };
  const { lines, progress } = run(postgres, [
    connected(10),
    watched(150, ASKED),
    watched(300, ASKED),
  ]);
  expect(isListening(progress)).toBe(false);
  expect(lines.at(-1)).toBe("300 http stalled");
});

test("a port that is not of the web is one once nobody greets", () => {
  const unknown: AttemptSubject = { ...HTTPS, port: 9443, scheme: "unknown" };
  const web = talked(310, { kind: "spoken", scheme: "https" }, OPEN);
  const { lines } = run(unknown, [
    connected(10),
    watched(300, OPEN),
    web,
    talked(310, { kind: "tls" }, OPEN),
    secured(330),
    answered(350),
    ended(350),
  ]);
  expect(lines).toEqual([
    "10 connect ok after 10",
    "330 tls ok after 20",
    "350 http ok after 20",
    "http-answer",
    "350 ended complete",
  ]);
});
