// One or several DNS questions to one server over one UDP socket, with repeats, and what came of each.
//
// A program's C library asks for A and AAAA from one socket: there is equipment that answers the first of them alone.

import { randomInt } from "node:crypto";
import { sameAnswer } from "../../src/facts/dns/dns-answers.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import { createDeferred } from "../deferred.ts";
import type { ConnectDatagram, Datagram, DatagramSocket } from "../native/datagram.ts";
import { encodeQuery, type Question, readAnswer } from "./message.ts";
import { DNS_PORT, DNS_WAIT_MS, outcomeOf, type QueryOptions, type QueryResult } from "./query.ts";

export interface UdpQueryOptions extends QueryOptions {
  readonly connect: ConnectDatagram;
  sleep(ms: number): Promise<void>;
  /** A single datagram: two answers are then two answers to the same one. */
  readonly once?: boolean;
  /** How long the socket stays open behind the first answer, for one that differs. */
  readonly listenMs?: number;
  /** Several questions leave one behind the other's answer: from one socket, or each from its own. */
  readonly inTurn?: "same-socket" | "new-socket";
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

/** A lost query is no dead server: it is repeated before the wait is over. */
const UDP_SENDS_AT_MS = [0, 400, 1100] as const;
/** As many different answers as are worth keeping: whoever floods is not recorded in full. */
const MAX_ANSWERS = 4;

/** Queries over UDP; the result is there with the first answer. */
export function askUdp(question: Question, options: UdpQueryOptions): RunningQuery {
  const [running] = askTogether([question], options);
  if (running === undefined) throw new Error("one question makes one query");
  return running;
}

/** The same for several questions to the server of the first, which leave one behind the other from one port, or in turn. */
export function askTogether(
  questions: readonly Question[],
  options: UdpQueryOptions,
): readonly RunningQuery[] {
  const queries = questions.map((question) => createQuery(question, options));
  const over =
    options.inTurn === "new-socket"
      ? followInTurn(questions, queries, options)
      : followOnOneSocket(questions, queries, options);
  return queries.map(({ running: { result, listened } }) => ({
    result,
    listened: over.then(() => listened),
  }));
}

async function followInTurn(
  questions: readonly Question[],
  queries: readonly Query[],
  options: UdpQueryOptions,
): Promise<void> {
  const open: Promise<void>[] = [];
  for (const query of queries) {
    if (options.signal.aborted) query.end();
    else open.push(followOnOneSocket(questions, [query], options));
    await query.running.result;
  }
  await Promise.all(open);
}

async function followOnOneSocket(
  [first]: readonly Question[],
  queries: readonly Query[],
  options: UdpQueryOptions,
): Promise<void> {
  if (first === undefined) return;
  const opened = options.connect(first.server, DNS_PORT);
  if (opened.kind === "connected") return follow(opened.socket, queries, options);
  for (const query of queries) query.fail(opened.error);
}

async function follow(
  socket: DatagramSocket,
  queries: readonly Query[],
  { signal, sleep, now, inTurn }: UdpQueryOptions,
): Promise<void> {
  const startedMs = now();
  const isOver = () => queries.every((query) => query.isOver());
  try {
    for (;;) {
      for (const query of queries) {
        query.sendIfDue(socket);
        if (inTurn !== undefined && !query.isSettled() && !query.isOver()) break;
      }
      // Whatever has come by now is read before the time is called over.
      const over = signal.aborted || isOver();
      read(socket, queries);
      if (over || isOver()) return;
      await sleep(pollMs(now() - startedMs));
    }
  } finally {
    socket.close();
    for (const query of queries) query.end();
  }
}

function read(socket: DatagramSocket, queries: readonly Query[]): void {
  for (let got = socket.receive(); got !== undefined; got = socket.receive()) {
    if ("error" in got) {
      // An ICMP error does not say which of the datagrams it answers.
      for (const query of queries) query.fail(got.error);
      return;
    }
    const datagram = got;
    queries.some((query) => query.take(datagram));
  }
}

interface Query {
  readonly running: RunningQuery;
  sendIfDue(socket: DatagramSocket): void;
  /** @returns whether it answers this query */
  take(datagram: Datagram): boolean;
  /** @param code errno's name; nothing happens behind an answer */
  fail(code: string): void;
  isOver(): boolean;
  isSettled(): boolean;
  /** Nothing more will come. */
  end(): void;
}

function createQuery(question: Question, options: UdpQueryOptions): Query {
  const { waitMs = DNS_WAIT_MS, listenMs = 0, listenUntil } = options;
  let turnMs: number | null = null;
  const elapsedMs = () => (turnMs === null ? 0 : options.now() - turnMs);
  const id = randomInt(0, 0x10000);
  const wire = encodeQuery(question, id, options.ednsBytes ?? null);
  const sendsAtMs = options.once ? [0] : UDP_SENDS_AT_MS.filter((ms) => ms < waitMs);
  const answers: TimedAnswer[] = [];
  let sent = 0;
  let untilMs: number | null = null;
  const patienceMs = () => Math.min(waitMs, options.patienceMs?.() ?? waitMs);
  let settled = false;
  let unreadable: DnsOutcome | null = null;
  const result = createDeferred<QueryResult>();
  const listened = createDeferred<readonly TimedAnswer[]>();
  const answer = (outcome: DnsOutcome, rttMs: number | null) => {
    if (settled) return;
    settled = true;
    result.fire({ outcome, rttMs, sent });
  };
  const end = () => {
    answer(unreadable ?? { kind: "no-reply", waitedMs: elapsedMs() }, null);
    listened.fire(sent === 1 ? answers : answers.slice(0, 1));
  };
  const fail = (code: string) => {
    answer(outcomeOf(code), null);
    untilMs = 0;
    end();
  };
  return {
    running: { result: result.promise, listened: listened.promise },
    sendIfDue: (socket) => {
      turnMs ??= options.now();
      if (settled || (sendsAtMs[sent] ?? Number.POSITIVE_INFINITY) > elapsedMs()) return;
      sent += 1;
      const error = socket.send(wire);
      if (error !== null) fail(error);
    },
    take: ({ data, waitedMs }) => {
      const outcome = readAnswer(data, question, id);
      if (outcome === undefined) return false;
      if (outcome.kind === "malformed") {
        // Damaged on the path, or not the server's: a good one may follow.
        unreadable ??= outcome;
        return true;
      }
      const afterMs = Math.max(0, elapsedMs() - waitedMs);
      const known = answers.some((one) => sameAnswer(one.outcome, outcome));
      if (!known && answers.length < MAX_ANSWERS) answers.push({ afterMs, outcome });
      if (settled) return true;
      answer(outcome, afterMs);
      // What comes behind an answer tells something only where one query was sent.
      untilMs = sent === 1 ? afterMs + listenMs : 0;
      return true;
    },
    fail,
    isSettled: () => settled,
    isOver: () =>
      elapsedMs() >= (untilMs ?? patienceMs()) || (settled && listenUntil?.aborted === true),
    end,
  };
}

/** Fast where a near server answers, and cheap where a far one is waited for. */
function pollMs(elapsedMs: number): number {
  if (elapsedMs < 50) return 1;
  return elapsedMs < 500 ? 5 : 20;
}
