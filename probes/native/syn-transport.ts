// TCP SYN probes without privilege: one non-blocking connect for each, closed before it sends data.
//
// The kernel picks another port for each, so these probes are no single flow: routers that balance
// by ports may send them different paths. One flow is one port, and then one probe at a time. The
// cookie is not in the packet; each socket receives its own.

import type { Family } from "../../src/schema/events/common.ts";
import type { OriginalDatagram } from "../../src/schema/events/probe.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";
import { decodeOriginalTcp } from "../packet/tcp.ts";
import { FAR_TTL } from "../probe-sender.ts";
import {
  IP_RECVERR,
  IP_RECVERR_RFC4884,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVERR,
  IPV6_RECVERR_RFC4884,
  IPV6_UNICAST_HOPS,
  MSG_ERRQUEUE,
  SO_BINDTODEVICE,
  SO_TIMESTAMPNS,
  SOCK_STREAM,
  SOL_SOCKET,
} from "./constants.ts";
import { createSendTimes, errorAnswer } from "./error-queue.ts";
import { routersHidden } from "./error-queue-check.ts";
import type { Libc } from "./libc.ts";
import { type MarkOf, setMark, unmarked } from "./mark.ts";
import { createReceiver, type Message } from "./message.ts";
import type { Destination } from "./socket-pair.ts";
import { wasAccepted } from "./tcp-info.ts";
import {
  type LocalPort,
  openTcp,
  RESET_AT_END,
  type SocketOption,
  type TcpSocket,
} from "./tcp-socket.ts";
import { type Answer, ONE_SYN_MS, type Transport } from "./transport.ts";

/** IP header, TCP header and Linux' SYN options: MSS, SACK, timestamps, window scale. */
const SYN_BYTES: Readonly<Record<Family, number>> = { 4: 60, 6: 80 };
/** An original datagram is never longer. */
const ORIGINAL_MAX = 2048;
const NS_PER_MS = 1_000_000n;

interface Waiting {
  readonly cookie: number;
  readonly socket: TcpSocket;
  readonly sentNs: bigint;
  /** Ends it before the kernel repeats the SYN, whether anybody drains or not. */
  readonly timer: NodeJS.Timeout;
  receive(flags: number): Message | undefined;
}

export interface SynOptions {
  /** One port for all of them: a probe ends the one before it. */
  readonly from?: LocalPort;
  /** Binds every SYN to this interface (any user may, from Linux 5.7 on). */
  readonly device?: string;
  /** What each SYN is marked with, by its number. */
  readonly markOf?: MarkOf;
}

export function openSynTransport(
  libc: Libc,
  to: Destination,
  { from, device, markOf = unmarked }: SynOptions = {},
): Transport {
  const hidden = routersHidden(libc, to.family, SOCK_STREAM);
  const waiting = new Set<Waiting>();
  const kept: Answer[] = [];
  const times = createSendTimes(() => libc.realtimeNs());
  const end = (one: Waiting) => {
    waiting.delete(one);
    clearTimeout(one.timer);
    one.socket.close();
  };
  const answerOf = (one: Waiting): Answer | undefined => {
    const original = one.receive(MSG_ERRQUEUE);
    const reported = original === undefined ? undefined : errorAnswer(original, one.cookie, times);
    if (original !== undefined && reported !== undefined) {
      return { ...reported, quote: originalSyn(original.data, one.socket.info()?.advMss ?? null) };
    }
    return isInTime(libc, one) ? ownAnswer(libc, to, one) : undefined;
  };
  const giveUp = (one: Waiting) => {
    const answer = answerOf(one);
    if (answer !== undefined) kept.push(answer);
    end(one);
  };
  return {
    protocol: "tcp",
    smallestBytes: SYN_BYTES[to.family],
    cachesAbove: SYN_BYTES[to.family],
    routersHidden: hidden,
    ...(from === undefined ? {} : { localPort: () => from.number }),
    send: ({ ttl, cookie }) => {
      if (hidden !== null && ttl < FAR_TTL) return `no ${hidden}`;
      // Two connections cannot have the same two ends.
      if (from !== undefined) for (const one of [...waiting]) end(one);
      const sentNs = libc.realtimeNs();
      times.sent(cookie, sentNs);
      const bound = device === undefined ? [] : [bindTo(device)];
      const options = [...bound, ...synOptions(to.family, ttl)];
      const mark = (fd: number) => setMark(libc, fd, markOf(cookie));
      const opened = openTcp(libc, to, null, options, from, mark);
      if (opened.kind !== "connecting") return opened.error;
      const { socket } = opened;
      const receive = createReceiver(libc, socket.fd, ORIGINAL_MAX);
      const timer = setTimeout(() => giveUp(one), ONE_SYN_MS).unref();
      const one: Waiting = { cookie, socket, sentNs, receive, timer };
      waiting.add(one);
      return null;
    },
    drain: () => {
      const answers = kept.splice(0);
      for (const one of [...waiting]) {
        const answer = answerOf(one);
        if (answer !== undefined) answers.push(answer);
        if (answer !== undefined) end(one);
      }
      return answers;
    },
    close: () => {
      for (const one of [...waiting]) end(one);
    },
  };
}

/**
 * What comes once a second is over may answer the SYN that the kernel repeated, or be what the target
 * repeated. (At once a kernel repeats a SYN only where its answer was an ACK.) Without TCP_INFO nobody can tell.
 */
function isInTime(libc: Libc, { socket, sentNs }: Waiting): boolean {
  if (libc.realtimeNs() - sentNs <= BigInt(ONE_SYN_MS) * NS_PER_MS) return true;
  const info = socket.info();
  return info !== undefined && info.totalRetrans === 0 && info.rttMs <= ONE_SYN_MS;
}

/**
 * The target's own word: a SYN-ACK, a reset, or the ACK of one who still knows an earlier SYN of that
 * port, whose answer was lost. Their TTL is not reported to an ordinary socket.
 */
function ownAnswer(libc: Libc, to: Destination, one: Waiting): Answer | undefined {
  const { cookie, socket, sentNs } = one;
  const from = to.address;
  // Before the state is read: what came then has been dealt with.
  const segments = socket.segmentsIn();
  const info = socket.info();
  const error = socket.takeError();
  const waitedMs = Number(libc.realtimeNs() - sentNs) / Number(NS_PER_MS);
  // A reset that is no refusal came after the SYN-ACK.
  if (error === "ECONNRESET" || (error === null && isAccepted(socket, info))) {
    const rttMs = info?.rttMs ?? waitedMs;
    const outcome = { kind: "reply", from, with: "syn-ack", rttMs, replyTtl: null } as const;
    return { cookie, outcome, labels: [], quote: null };
  }
  if (error !== null && error !== "ECONNREFUSED") {
    return { cookie, outcome: { kind: "send-failed", error }, labels: [], quote: null };
  }
  if (error === null && !segments) return undefined;
  const word = error === null ? "ack" : "reset";
  const outcome = { kind: "reply", from, with: word, rttMs: waitedMs, replyTtl: null } as const;
  return { cookie, outcome, labels: [], quote: null };
}

function isAccepted(socket: TcpSocket, info: TcpInfo | undefined): boolean {
  return info === undefined ? socket.accepted() : wasAccepted(info);
}

function bindTo(device: string): SocketOption {
  const value = Buffer.from(device);
  return { level: SOL_SOCKET, name: SO_BINDTODEVICE, value, optional: false };
}

/**
 * The error queue holds the original datagram from the TCP header on (net/ipv4/tcp_ipv4.c, tcp_v4_err).
 * @param sentMss what the kernel wrote into the SYN
 */
function originalSyn(original: Buffer, sentMss: number | null): OriginalDatagram | null {
  const tcp = decodeOriginalTcp(original);
  if (tcp === undefined) return null;
  const mss = tcp.segment?.mss ?? null;
  const isRewritten = mss !== null && sentMss !== null && mss !== sentMss;
  return {
    source: null,
    destination: null,
    ttl: null,
    trafficClass: null,
    sizeBytes: null,
    sourcePort: tcp.sourcePort,
    destinationPort: tcp.destinationPort,
    mss,
    quotedBytes: null,
    rewritten: isRewritten ? [{ field: "mss", sent: sentMss, quoted: mss }] : [],
  };
}

/** Only what a probe cannot do without is no choice: a TTL that lets it expire. */
function synOptions(family: Family, ttl: number): readonly SocketOption[] {
  const int = (level: number, name: number, number: number, optional = true): SocketOption => {
    const value = Buffer.alloc(4);
    value.writeInt32LE(number);
    return { level, name, value, optional };
  };
  const isFar = ttl === FAR_TTL;
  const common: readonly SocketOption[] = [RESET_AT_END, int(SOL_SOCKET, SO_TIMESTAMPNS, 1)];
  return family === 4
    ? [
        ...common,
        int(IPPROTO_IP, IP_TTL, ttl, isFar),
        int(IPPROTO_IP, IP_RECVERR, 1),
        int(IPPROTO_IP, IP_RECVERR_RFC4884, 1),
      ]
    : [
        ...common,
        int(IPPROTO_IPV6, IPV6_UNICAST_HOPS, ttl, isFar),
        int(IPPROTO_IPV6, IPV6_RECVERR, 1),
        int(IPPROTO_IPV6, IPV6_RECVERR_RFC4884, 1),
      ];
}
