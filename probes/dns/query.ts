// One DNS question to one server, over UDP with repeats or over TCP, and what came of it.

import { randomInt } from "node:crypto";
import net from "node:net";
import { sameAnswer } from "../../src/facts/dns/dns-answers.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import type { ConnectDatagram, Datagram } from "../native/datagram.ts";
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

export interface UdpQueryOptions extends QueryOptions {
  readonly connect: ConnectDatagram;
  sleep(ms: number): Promise<void>;
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
export function askUdp(question: Question, options: UdpQueryOptions): RunningQuery {
  const { now, signal, waitMs = DNS_WAIT_MS, listenMs = 0, listenUntil } = options;
  const id = randomInt(0, 0x10000);
  const wire = encodeQuery(question, id, options.ednsBytes ?? null);
  const opened = options.connect(question.server, DNS_PORT);
  if (opened.kind === "failed") {
    const outcome = outcomeOf(opened.error);
    const result = Promise.resolve({ outcome, rttMs: null, sent: 0 });
    return { result, listened: Promise.resolve([]) };
  }
  const { socket } = opened;
  const startedMs = now();
  const elapsed = () => now() - startedMs;
  const sendsAtMs = options.once ? [0] : UDP_SENDS_AT_MS.filter((ms) => ms < waitMs);
  const answers: TimedAnswer[] = [];
  let sent = 0;
  let untilMs = waitMs;
  let first: QueryResult | null = null;
  let failure: string | null = null;
  let settle: (result: QueryResult) => void = () => undefined;
  const result = new Promise<QueryResult>((resolve) => {
    settle = resolve;
  });
  const answer = (outcome: DnsOutcome, rttMs: number | null) => {
    if (first !== null) return;
    first = { outcome, rttMs, sent };
    settle(first);
  };

  const send = () => {
    sent += 1;
    failure ??= socket.send(wire);
  };
  const take = ({ data, waitedMs }: Datagram) => {
    const outcome = readAnswer(data, question, id);
    if (outcome === undefined) return;
    const afterMs = Math.max(0, elapsed() - waitedMs);
    const known = answers.some((one) => sameAnswer(one.outcome, outcome));
    if (!known && answers.length < MAX_ANSWERS) answers.push({ afterMs, outcome });
    if (first !== null) return;
    answer(outcome, afterMs);
    // What comes behind an answer tells something only where one query was sent.
    untilMs = sent === 1 ? afterMs + listenMs : 0;
  };
  const read = () => {
    for (let got = socket.receive(); got !== undefined; got = socket.receive()) {
      if ("error" in got) {
        failure ??= got.error;
        return;
      }
      take(got);
    }
  };
  const isOver = () =>
    failure !== null ||
    signal.aborted ||
    elapsed() >= untilMs ||
    (first !== null && listenUntil?.aborted === true);

  const follow = async () => {
    try {
      for (;;) {
        if (first === null && (sendsAtMs[sent] ?? Number.POSITIVE_INFINITY) <= elapsed()) send();
        // Whatever has come by now is read before the time is called over.
        const over = isOver();
        read();
        if (over || isOver()) return;
        await options.sleep(pollMs(elapsed()));
      }
    } finally {
      socket.close();
      if (failure !== null) answer(outcomeOf(failure), null);
      answer({ kind: "no-reply", waitedMs: elapsed() }, null);
    }
  };
  const listened = follow().then(() => (sent === 1 ? answers : answers.slice(0, 1)));
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

/** Fast where a near server answers, and cheap where a far one is waited for. */
function pollMs(elapsedMs: number): number {
  if (elapsedMs < 50) return 1;
  return elapsedMs < 500 ? 5 : 20;
}

function errorOutcome(error: Error): DnsOutcome {
  return outcomeOf("code" in error && typeof error.code === "string" ? error.code : error.message);
}

/** @param code errno's name */
function outcomeOf(code: string): DnsOutcome {
  if (code === "ECONNREFUSED") return { kind: "refused", from: null };
  if (code === "ETIMEDOUT") return { kind: "no-reply", waitedMs: DNS_WAIT_MS };
  return { kind: "unreachable", error: code, from: null };
}
