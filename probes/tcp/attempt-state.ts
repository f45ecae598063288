// What a TCP attempt is at, and what each thing that happens to it changes: pure, tested without a socket.

import { arrivedOutOfOrder } from "../../src/facts/connection/attempt.ts";
import type { EventBody } from "../../src/schema/event.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { TcpInfo, TcpPurpose, TcpResult, TcpStage } from "../../src/schema/events/tcp.ts";
import type { Scheme } from "../../src/schema/run-choices.ts";
import { beginsWithTls } from "../../src/schemes.ts";
import type { AttemptInput, Happening, Watched } from "./attempt-input.ts";
import { connectError } from "./connect-errors.ts";
import type { TalkStep } from "./exchange-events.ts";
import { hasMoved, newest, roundTripMs } from "./movement.ts";
import { type Awaited, quietAfterMs, stallAfterMs } from "./stall-limits.ts";
import { isExpectingGreeting, reportTalk, startTalk, type Talk, talkOn } from "./talk-progress.ts";
import type { CertificateFacts } from "./tls-certificate.ts";

/** What the machine needs to know of the attempt. */
export interface AttemptSubject {
  readonly name: string;
  readonly purpose: TcpPurpose;
  readonly address: string;
  readonly family: Family;
  readonly port: number;
  /** What is spoken after connect; null ends the attempt there. */
  readonly scheme: Scheme | null;
  /** The stage that settles `decided`; what comes after it is only watched. */
  readonly goal: TcpStage;
}

export interface AttemptProgress {
  readonly subject: AttemptSubject;
  /** Who holds the socket: nobody but the attempt, the exchange, nobody any more. */
  readonly phase: "connecting" | "exchanging" | "over";
  readonly stage: TcpStage;
  readonly stageStartMs: number;
  /** The newest reading when the stage began. */
  readonly stageInfo: TcpInfo | null;
  /** The newest reading. */
  readonly latest: TcpInfo | null;
  /** The reading at which bytes last moved, and when; the beginning of a stage counts as well. */
  readonly movedInfo: TcpInfo | null;
  readonly movedMs: number;
  /** What this program has read at that time; decides where there is no TCP_INFO. */
  readonly movedReadBytes: number;
  /** How long the connect took; null before its end. */
  readonly connectMs: number | null;
  readonly stalled: boolean;
  /** Data came behind a missing segment, as far as the stage was watched. */
  readonly gap: boolean;
  readonly answered: boolean;
  readonly talk: Talk;
  /** It passed, failed or first stalled, or was stopped. */
  readonly decided: boolean;
}

export interface Step {
  readonly progress: AttemptProgress;
  /** To be emitted in this order. */
  readonly events: readonly EventBody[];
}

export function startProgress(subject: AttemptSubject): AttemptProgress {
  return {
    subject,
    phase: "connecting",
    stage: "connect",
    stageStartMs: 0,
    stageInfo: null,
    latest: null,
    movedInfo: null,
    movedMs: 0,
    movedReadBytes: 0,
    connectMs: null,
    stalled: false,
    gap: false,
    answered: false,
    talk: startTalk(subject.scheme),
    decided: false,
  };
}

/** Nothing comes of an attempt that is over. */
export function step(before: AttemptProgress, input: AttemptInput): Step {
  if (before.phase === "over") return { progress: before, events: [] };
  const progress = { ...before, latest: newest(before.latest, input.info) };
  const nowMs = input.sinceStartMs;
  switch (input.kind) {
    case "open-failed":
      return fail(progress, nowMs, connectError(input.code));
    case "connect-failed":
      return connectFailed(progress, nowMs, input.code);
    case "connected":
      return connected(progress, nowMs);
    case "watched":
      return watched(progress, nowMs, input);
    case "talked":
      return { progress: talked(progress, nowMs, input.talked), events: [] };
    case "secured":
      return secured(progress, nowMs, input.certificate);
    case "answered":
      return answered(progress, nowMs, input);
    case "ended":
      if (input.result !== null) return fail(progress, nowMs, input.result);
      return finish(progress, nowMs, [], true);
    case "stopped":
      return stopped(progress, nowMs, input.aborted);
    case "aborted":
      return finish(progress, nowMs);
  }
}

/** Whether all that is waited for is a greeting, which has no size to be lost for. */
export function isListening({ phase, stage, talk }: AttemptProgress): boolean {
  return phase === "exchanging" && stage === "http" && isExpectingGreeting(talk);
}

/** The stage it waits in; null when it is over or has a whole answer. */
export function waitingStage({ phase, stage, answered, gap }: AttemptProgress): TcpStage | null {
  return phase === "over" || (answered && !gap) ? null : stage;
}

function connected(progress: AttemptProgress, nowMs: number): Step {
  const events = [connectPassed(progress, nowMs)];
  const first = firstStage(progress.subject);
  if (first === null) return finish(progress, nowMs, events);
  return {
    progress: { ...begin(progress, nowMs, first), phase: "exchanging", connectMs: nowMs },
    events,
  };
}

function connectFailed(progress: AttemptProgress, nowMs: number, code: string): Step {
  const first = firstStage(progress.subject);
  if (code !== "ECONNRESET" || first === null) return fail(progress, nowMs, connectError(code));
  // Refused is another error: this reset came after the SYN-ACK, so the port is open.
  const events = [connectPassed(progress, nowMs)];
  return fail(begin(progress, nowMs, first), nowMs, connectError(code), events);
}

/** A handshake that comes after other words is a stage of its own; what was before it belongs to the last one. */
function talked(progress: AttemptProgress, nowMs: number, what: TalkStep): AttemptProgress {
  const next = { ...progress, talk: talkOn(progress.talk, what) };
  if (what.kind === "held") return { ...next, movedMs: nowMs };
  return what.kind === "tls" ? begin(next, nowMs, "tls") : next;
}

function secured(
  progress: AttemptProgress,
  nowMs: number,
  certificate: CertificateFacts | null,
): Step {
  const { name: attempt, goal } = progress.subject;
  const ok = { kind: "ok", detail: certificate?.protocol ?? "TLS" } as const;
  const reported: EventBody[] =
    certificate === null ? [] : [{ kind: "certificate", attempt, ...certificate }];
  const decided = progress.decided || goal === "tls";
  return {
    progress: { ...begin(progress, nowMs, "http"), decided },
    events: [...reported, stageEnd(progress, nowMs, ok)],
  };
}

function answered(
  progress: AttemptProgress,
  nowMs: number,
  { status, fields: { altSvc, ...fields } }: Extract<Happening, { kind: "answered" }>,
): Step {
  const { name: attempt, purpose } = progress.subject;
  const events: EventBody[] = [stageEnd(progress, nowMs, { kind: "ok", detail: status })];
  if (altSvc !== null) events.push({ kind: "alt-svc", attempt, value: altSvc });
  const code = /^HTTP\/\S+ (\d{3})/.exec(status)?.[1];
  if (purpose === "default" && code !== undefined) {
    events.push({ kind: "http-answer", attempt, status: Number(code), ...fields });
  }
  return { progress: { ...progress, answered: true }, events };
}

/** Looks for a stall. Once there is one, the rest of its stage is no longer looked at. */
function watched(
  before: AttemptProgress,
  nowMs: number,
  { siblingIdleMs, patienceMs, readBytes }: Watched,
): Step {
  const { latest: info, stage, stageInfo, stalled, talk } = before;
  if (stalled || talk.held) return { progress: before, events: [] };
  const gap = info !== null && stage !== "connect" && arrivedOutOfOrder(info, stageInfo);
  const moved = hasMoved(before, readBytes)
    ? { movedInfo: info, movedMs: nowMs, movedReadBytes: readBytes }
    : {};
  const progress = { ...before, ...moved, gap };
  const waitedMs = nowMs - progress.movedMs;
  const rtt = { rttMs: roundTripMs(progress) ?? 0 };
  if (progress.answered && !gap) {
    // An answer that stops without a gap is a whole one on a connection that stays open.
    const decided = progress.decided || waitedMs > quietAfterMs(rtt);
    return { progress: { ...progress, decided }, events: [] };
  }
  // What came behind a missing segment has been sent: then nobody is busy.
  const silentMs = gap ? waitedMs : Math.min(waitedMs, siblingIdleMs);
  const limitMs = stallAfterMs(waitingFor(progress, gap), rtt);
  if (silentMs <= (gap ? limitMs : Math.max(limitMs, patienceMs))) return { progress, events: [] };
  // No size explains that a greeting is late: nothing waits for it, and it is no stall.
  if (isListening(progress)) return { progress: { ...progress, decided: true }, events: [] };
  const attempt = progress.subject.name;
  return {
    progress: { ...progress, stalled: true, decided: true },
    events: [{ kind: "tcp-stalled", attempt, stage, sinceStartMs: nowMs, info }],
  };
}

function waitingFor(progress: AttemptProgress, gap: boolean): Awaited {
  if (progress.stage === "connect") return "connection";
  if (isListening(progress)) return "greeting";
  return gap ? "rest" : "reply";
}

/** A stage that was waiting has had no reply, unless the run's end came before that meant anything. */
function stopped(progress: AttemptProgress, nowMs: number, aborted: boolean): Step {
  const { subject, stage, stageStartMs, stalled } = progress;
  const isPast = subject.goal === "tls" && stage === "http";
  const unknown = aborted && !stalled;
  if (progress.answered || isPast || unknown) return finish(progress, nowMs);
  return fail(progress, nowMs, { kind: "no-reply", waitedMs: nowMs - stageStartMs });
}

function begin(progress: AttemptProgress, nowMs: number, stage: TcpStage): AttemptProgress {
  const { latest: stageInfo } = progress;
  return { ...progress, stage, stageStartMs: nowMs, stageInfo, movedMs: nowMs, stalled: false };
}

function fail(
  progress: AttemptProgress,
  nowMs: number,
  result: TcpResult,
  events: readonly EventBody[] = [],
): Step {
  return finish(progress, nowMs, [...events, stageEnd(progress, nowMs, result)]);
}

function finish(
  progress: AttemptProgress,
  nowMs: number,
  events: readonly EventBody[] = [],
  complete = false,
): Step {
  const { subject, latest: info } = progress;
  const ended = { attempt: subject.name, complete, sinceStartMs: nowMs, info };
  const said = reportTalk(progress, lastResult(events));
  return {
    progress: { ...progress, phase: "over", decided: true },
    events: [...events, ...said, { kind: "tcp-ended", ...ended }],
  };
}

function lastResult(events: readonly EventBody[]): TcpResult | null {
  const last = events.at(-1);
  return last?.kind === "tcp-stage" ? last.result : null;
}

function stageEnd(progress: AttemptProgress, nowMs: number, result: TcpResult): EventBody {
  const { subject, stage, stageStartMs, latest: info } = progress;
  const ms = nowMs - stageStartMs;
  const { name: attempt } = subject;
  return { kind: "tcp-stage", attempt, stage, sinceStartMs: nowMs, ms, result, info };
}

function connectPassed(progress: AttemptProgress, nowMs: number): EventBody {
  const { address, port } = progress.subject;
  return stageEnd(progress, nowMs, { kind: "ok", detail: `${address} port ${port}` });
}

function firstStage({ scheme }: AttemptSubject): TcpStage | null {
  if (scheme === null) return null;
  return beginsWithTls(scheme) ? "tls" : "http";
}
