// One DNS question to one server over TCP, and what came of it; over UDP: udp-query.ts.

import { randomInt } from "node:crypto";
import net from "node:net";
import { CLOSED_UNANSWERED } from "../../src/schema/constants.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
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
    const waitOn = () => {
      const leftMs = Math.min(waitMs, options.patienceMs?.() ?? waitMs) - (now() - startedMs);
      if (leftMs <= 0) return stop();
      timer = setTimeout(waitOn, Math.min(leftMs, PATIENCE_POLL_MS));
    };
    let timer = setTimeout(waitOn, Math.min(waitMs, PATIENCE_POLL_MS));
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
    socket.on("close", () => end({ kind: "malformed", why: CLOSED_UNANSWERED }, null));
  });
}

function errorOutcome(error: Error): DnsOutcome {
  return outcomeOf("code" in error && typeof error.code === "string" ? error.code : error.message);
}

/** @param code errno's name */
export function outcomeOf(code: string): DnsOutcome {
  if (code === "ECONNREFUSED") return { kind: "refused", from: null };
  if (code === "ETIMEDOUT") return { kind: "no-reply", waitedMs: DNS_WAIT_MS };
  return { kind: "unreachable", error: code, from: null };
}
