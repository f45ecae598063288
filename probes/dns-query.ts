// One DNS question to one server, over UDP with repeats or over TCP, and what came of it.

import { randomInt } from "node:crypto";
import dgram from "node:dgram";
import net from "node:net";
import { decode, encode, type Packet, RECURSION_DESIRED, streamEncode } from "dns-packet";
import type { DnsOutcome } from "../src/model/events/names.ts";

export interface Question {
  readonly server: string;
  readonly name: string;
  readonly type: "A" | "AAAA";
}

export interface QueryResult {
  readonly outcome: DnsOutcome;
  readonly rttMs: number | null;
  /** Queries that left. */
  readonly sent: number;
}

const DNS_PORT = 53;
/** A lost query is no dead server: it is repeated before the wait is over. */
const UDP_SENDS_AT_MS = [0, 400, 1100] as const;
const DNS_WAIT_MS = 2000;

function query(question: Question, id: number): Packet {
  return {
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type: question.type, name: question.name }],
  };
}

/** @param now milliseconds, monotonic */
export function askUdp(
  question: Question,
  now: () => number,
  signal: AbortSignal,
): Promise<QueryResult> {
  return new Promise((resolve) => {
    const startedMs = now();
    const id = randomInt(0, 0x10000);
    const wire = encode(query(question, id));
    const socket = dgram.createSocket(
      net.isIPv6(question.server.replace(/%.*$/, "")) ? "udp6" : "udp4",
    );
    const timers: NodeJS.Timeout[] = [];
    let sent = 0;
    let over = false;
    const end = (outcome: DnsOutcome, rttMs: number | null) => {
      if (over) return;
      over = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      socket.close();
      resolve({ outcome, rttMs, sent });
    };
    const elapsed = () => now() - startedMs;
    const stop = () => end({ kind: "no-reply", waitedMs: elapsed() }, null);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", (error) => end(errorOutcome(error), null));
    socket.on("message", (message) => {
      const outcome = readAnswer(message, question, id);
      if (outcome !== undefined) end(outcome, elapsed());
    });
    socket.connect(DNS_PORT, question.server, () => {
      for (const atMs of UDP_SENDS_AT_MS) {
        timers.push(
          setTimeout(() => {
            sent += 1;
            socket.send(wire, (error) => error && end(errorOutcome(error), null));
          }, atMs),
        );
      }
      timers.push(setTimeout(stop, DNS_WAIT_MS));
    });
  });
}

/** @param now milliseconds, monotonic */
export function askTcp(
  question: Question,
  now: () => number,
  signal: AbortSignal,
): Promise<QueryResult> {
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
    const timer = setTimeout(stop, DNS_WAIT_MS);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("connect", () => socket.write(streamEncode(query(question, id))));
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

const RCODE_MASK = 0xf;
/** RFC 1035 s.4.1.1. */
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"] as const;

function rcodeName(rcode: number): string {
  return RCODES[rcode] ?? `rcode ${rcode}`;
}

/** Undefined for a datagram that answers something else: it is not ours to judge. */
function readAnswer(message: Buffer, question: Question, id: number): DnsOutcome | undefined {
  let packet: ReturnType<typeof decode>;
  try {
    packet = decode(message);
  } catch {
    return { kind: "malformed", why: "not a DNS message" };
  }
  if (packet.id !== id || packet.type !== "response") return undefined;
  const asked = packet.questions?.[0];
  if (asked !== undefined && asked.name.toLowerCase() !== question.name.toLowerCase()) {
    return undefined;
  }
  const addresses = (packet.answers ?? []).flatMap((answer) =>
    answer.type === question.type && typeof answer.data === "string" ? [answer.data] : [],
  );
  return {
    kind: "answer",
    rcode: rcodeName((packet.flags ?? 0) & RCODE_MASK),
    addresses: addresses.filter((address) => net.isIP(address) !== 0),
    truncated: packet.flag_tc ?? false,
  };
}

function errorOutcome(error: Error): DnsOutcome {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  if (code === "ECONNREFUSED") return { kind: "refused", from: null };
  if (code === "ETIMEDOUT") return { kind: "no-reply", waitedMs: DNS_WAIT_MS };
  return { kind: "unreachable", error: code, from: null };
}
