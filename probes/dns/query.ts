// One DNS question to one server, over UDP with repeats or over TCP, and what came of it.

import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import net from "node:net";
import { sameAnswer } from "../../src/facts/dns/dns-answers.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import { encodeQuery, type Question, readAnswer } from "./message.ts";

export type { Question } from "./message.ts";

export interface QueryResult {
  readonly outcome: DnsOutcome;
  readonly rttMs: number | null;
  /** Queries that left. */
  readonly sent: number;
}

export interface QueryOptions {
  /** Milliseconds, monotonic. */
  now(): number;
  readonly signal: AbortSignal;
  /** UDP payload size that is offered by EDNS; null or absent for a plain query. */
  readonly ednsBytes?: number | null;
  /** How long an answer is waited for. */
  readonly waitMs?: number;
  /** A single datagram: two answers are then two answers to the same one. */
  readonly once?: boolean;
  /** How long the socket stays open behind the first answer, for one that differs. */
  readonly listenMs?: number;
  /** Ends the listening early; an answer is waited for all the same. */
  readonly listenUntil?: AbortSignal;
}

/** An answer, since the query left. */
export interface TimedAnswer {
  readonly afterMs: number;
  readonly outcome: DnsOutcome;
}

export interface RunningQuery {
  readonly result: Promise<QueryResult>;
  /**
   * The first answer and those that differ from it, once listening is over; fewer than two unless
   * exactly one datagram was sent: a server may answer each of two differently.
   */
  readonly listened: Promise<readonly TimedAnswer[]>;
}

const DNS_PORT = 53;
/** A lost query is no dead server: it is repeated before the wait is over. */
const UDP_SENDS_AT_MS = [0, 400, 1100] as const;
const DNS_WAIT_MS = 2000;
/** As many different answers as are worth keeping: whoever floods is not recorded in full. */
const MAX_ANSWERS = 4;

/** Queries over UDP; the result is there with the first answer. */
export function askUdp(question: Question, options: QueryOptions): RunningQuery {
  const { now, signal, waitMs = DNS_WAIT_MS, listenMs = 0, listenUntil } = options;
  const startedMs = now();
  const id = randomInt(0, 0x10000);
  const wire = encodeQuery(question, id, options.ednsBytes ?? null);
  const family = net.isIPv6(question.server.replace(/%.*$/, "")) ? "udp6" : "udp4";
  const socket = dgram.createSocket(family);
  const timers: NodeJS.Timeout[] = [];
  const answers: TimedAnswer[] = [];
  let sent = 0;
  let settle: (result: QueryResult) => void = () => undefined;
  let settleListening: (answers: readonly TimedAnswer[]) => void = () => undefined;
  const result = new Promise<QueryResult>((resolve) => {
    settle = resolve;
  });
  const listened = new Promise<readonly TimedAnswer[]>((resolve) => {
    settleListening = resolve;
  });
  let answered = false;
  let over = false;
  let listening: NodeJS.Timeout | undefined;
  const answer = (outcome: DnsOutcome, rttMs: number | null) => {
    if (answered) return;
    answered = true;
    for (const timer of timers) clearTimeout(timer);
    settle({ outcome, rttMs, sent });
  };
  const close = () => {
    if (over) return;
    over = true;
    signal.removeEventListener("abort", stop);
    listenUntil?.removeEventListener("abort", close);
    clearTimeout(listening);
    socket.close();
    settleListening(sent === 1 ? answers : answers.slice(0, 1));
  };
  const elapsed = () => now() - startedMs;
  const stop = () => {
    answer({ kind: "no-reply", waitedMs: elapsed() }, null);
    close();
  };
  const failed = (error: Error) => {
    answer(errorOutcome(error), null);
    close();
  };
  signal.addEventListener("abort", stop, { once: true });
  socket.on("error", failed);
  socket.on("message", (message) => {
    const outcome = readAnswer(message, question, id);
    if (outcome === undefined) return;
    const known = answers.some((one) => sameAnswer(one.outcome, outcome));
    if (!known && answers.length < MAX_ANSWERS) answers.push({ afterMs: elapsed(), outcome });
    if (answered) return;
    answer(outcome, elapsed());
    if (listenMs === 0 || sent !== 1 || signal.aborted || listenUntil?.aborted) {
      close();
      return;
    }
    listening = setTimeout(close, listenMs);
    listenUntil?.addEventListener("abort", close, { once: true });
  });
  // Not as connect's callback, which would be called for an error too (Node's lib/dgram.js).
  socket.on("connect", () => {
    if (over) return;
    for (const atMs of options.once ? [0] : UDP_SENDS_AT_MS.filter((ms) => ms < waitMs)) {
      const send = () => {
        sent += 1;
        socket.send(wire, (error) => error && failed(error));
      };
      timers.push(setTimeout(send, atMs));
    }
    timers.push(setTimeout(stop, waitMs));
  });
  socket.connect(DNS_PORT, question.server);
  return { result, listened };
}

/** Queries over TCP (RFC 7766), on a connection of its own. */
export function askTcp(question: Question, options: QueryOptions): Promise<QueryResult> {
  const { now, signal, waitMs = DNS_WAIT_MS } = options;
  return new Promise((resolve) => {
    const startedMs = now();
    const id = randomInt(0, 0x10000);
    const socket = net.connect({ host: question.server, port: DNS_PORT });
    let collected = Buffer.alloc(0);
    let over = false;
    const end = (outcome: DnsOutcome, rttMs: number | null) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve({ outcome, rttMs, sent: 1 });
    };
    const stop = () => end({ kind: "no-reply", waitedMs: now() - startedMs }, null);
    const timer = setTimeout(stop, waitMs);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("connect", () => {
      const wire = encodeQuery(question, id, options.ednsBytes ?? null);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(wire.length);
      socket.write(Buffer.concat([length, wire]));
    });
    socket.on("error", (error) => end(errorOutcome(error), null));
    socket.on("data", (chunk: Buffer) => {
      collected = Buffer.concat([collected, chunk]);
      const size = collected.length < 2 ? undefined : collected.readUInt16BE(0);
      if (size === undefined || collected.length < size + 2) return;
      const outcome = readAnswer(collected.subarray(2, size + 2), question, id);
      end(outcome ?? { kind: "malformed", why: "answers another question" }, now() - startedMs);
    });
    socket.on("close", () => end({ kind: "malformed", why: "closed without an answer" }, null));
  });
}

function errorOutcome(error: Error): DnsOutcome {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  if (code === "ECONNREFUSED") return { kind: "refused", from: null };
  if (code === "ETIMEDOUT") return { kind: "no-reply", waitedMs: DNS_WAIT_MS };
  return { kind: "unreachable", error: code, from: null };
}
