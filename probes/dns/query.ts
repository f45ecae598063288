// One DNS question to one server over TCP, and what came of it; over UDP: udp-query.ts.

import { randomInt } from "node:crypto";
import { CLOSED_UNANSWERED } from "../../src/schema/constants.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import type { Wire } from "../native/connection.ts";
import type { ConnectStream } from "../native/streams.ts";
import { errorCode } from "../tcp/tls-certificate.ts";
import { encodeQuery, type Question, readAnswer } from "./message.ts";

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
  /** How long an answer is worth waiting for, from what is known by now, within `waitMs`. */
  patienceMs?(): number;
}

export const DNS_PORT = 53;
export const DNS_WAIT_MS = 2000;
/** What is known of the server may change meanwhile. */
const PATIENCE_POLL_MS = 100;

export interface TcpQueryOptions extends QueryOptions {
  readonly connectStream: ConnectStream;
  sleep(ms: number): Promise<void>;
}

/** Queries over TCP (RFC 7766), on a connection of its own. */
export async function askTcp(question: Question, options: TcpQueryOptions): Promise<QueryResult> {
  const { now, sleep, signal, waitMs = DNS_WAIT_MS } = options;
  const startedMs = now();
  const over = new AbortController();
  const stop = () => over.abort();
  const waitOn = () => {
    const leftMs = Math.min(waitMs, options.patienceMs?.() ?? waitMs) - (now() - startedMs);
    if (leftMs <= 0) return stop();
    timer = setTimeout(waitOn, Math.min(leftMs, PATIENCE_POLL_MS));
  };
  let timer = setTimeout(waitOn, Math.min(waitMs, PATIENCE_POLL_MS));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const connecting = { clock: { now, sleep }, signal: over.signal };
    const socket = await options.connectStream(question.server, DNS_PORT, connecting);
    const outcome = await exchange(socket, question, options.ednsBytes ?? null, over.signal);
    const isSilent = outcome.kind === "malformed" && outcome.why === CLOSED_UNANSWERED;
    return { outcome, rttMs: isSilent ? null : now() - startedMs, sent: 1 };
  } catch (error) {
    const outcome: DnsOutcome = over.signal.aborted
      ? { kind: "no-reply", waitedMs: now() - startedMs }
      : errorOutcome(error);
    return { outcome, rttMs: null, sent: 1 };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** @throws Error of the connection, and where the signal ends it */
function exchange(
  socket: Wire,
  question: Question,
  ednsBytes: number | null,
  signal: AbortSignal,
): Promise<DnsOutcome> {
  const id = randomInt(0, 0x10000);
  let collected = Buffer.alloc(0);
  return new Promise<DnsOutcome>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      collected = Buffer.concat([collected, chunk]);
      const size = collected.length < 2 ? undefined : collected.readUInt16BE(0);
      if (size === undefined || collected.length < size + 2) return;
      const outcome = readAnswer(collected.subarray(2, size + 2), question, id);
      resolve(outcome ?? { kind: "malformed", why: "answers another question" });
    });
    socket.on("close", () => resolve({ kind: "malformed", why: CLOSED_UNANSWERED }));
    const wire = encodeQuery(question, id, ednsBytes);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(wire.length);
    socket.write(Buffer.concat([length, wire]));
  }).finally(() => socket.destroy());
}

function errorOutcome(error: unknown): DnsOutcome {
  return outcomeOf(errorCode(error));
}

/** @param code errno's name */
export function outcomeOf(code: string): DnsOutcome {
  if (code === "ECONNREFUSED") return { kind: "refused", from: null };
  if (code === "ETIMEDOUT") return { kind: "no-reply", waitedMs: DNS_WAIT_MS };
  return { kind: "unreachable", error: code, from: null };
}
