// UDP probes of one flow with any TTL and size, DF set, whose answers leave no learnt PMTU behind.
//
// Two sockets share one port. The sender is unconnected and sends with PMTUDISC_PROBE: DF, and no
// limit but the link's. The receiver is connected to the target with PMTUDISC_OMIT: the kernel
// hands ICMP errors to the best match, which is the receiver, and OMIT makes it refuse to learn
// from a too-big message (net/ipv4/route.c, ipv4_sk_update_pmtu; net/ipv6/udp.c, __udp6_lib_err).
// On IPv6 OMIT refuses the error as a whole, so there a too-big message is only counted.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/model/events/common.ts";
import type { UdpOutcome } from "../../src/model/events/udp.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IP_RECVERR,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_UDP,
  IPV6_MTU_DISCOVER,
  IPV6_RECVERR,
  IPV6_RECVHOPLIMIT,
  IPV6_UNICAST_HOPS,
  MSG_ERRQUEUE,
  PMTUDISC_OMIT,
  PMTUDISC_PROBE,
  SO_EE_ORIGIN_ICMP,
  SO_EE_ORIGIN_ICMP6,
  SO_REUSEPORT,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver, type Message } from "./message.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

/** IP and UDP headers: the smallest probe is this and the cookie. */
const UDP_OVERHEAD = { 4: 28, 6: 48 } as const;
export const UDP_PROBE_MIN = { 4: 28 + COOKIE_BYTES, 6: 48 + COOKIE_BYTES } as const;

export interface UdpAnswer {
  /** Undefined when the quote was too short to hold it. */
  readonly cookie: number | undefined;
  readonly outcome: UdpOutcome;
}

export interface UdpProber {
  /** @returns errno's name when the kernel refused to send, null when it left */
  send(probe: {
    readonly ttl: number;
    readonly sizeBytes: number;
    readonly cookie: number;
  }): string | null;
  /** Everything that has arrived since the last call. */
  drain(): readonly UdpAnswer[];
  close(): void;
}

const OPTIONS = {
  4: {
    domain: AF_INET,
    level: IPPROTO_IP,
    ttl: IP_TTL,
    discover: IP_MTU_DISCOVER,
    recvErr: IP_RECVERR,
    recvTtl: IP_RECVTTL,
  },
  6: {
    domain: AF_INET6,
    level: IPPROTO_IPV6,
    ttl: IPV6_UNICAST_HOPS,
    discover: IPV6_MTU_DISCOVER,
    recvErr: IPV6_RECVERR,
    recvTtl: IPV6_RECVHOPLIMIT,
  },
} as const;

/** @throws UnsupportedProbeError when this kernel refuses one of the socket options */
export function openUdpProber(
  libc: Libc,
  to: {
    readonly family: Family;
    readonly address: string;
    readonly port: number;
    readonly zoneIndex?: number;
  },
): UdpProber {
  const option = OPTIONS[to.family];
  const destination = encodeSockaddr(to.address, to.port, to.zoneIndex ?? 0);
  const opened: number[] = [];
  const close = () => {
    for (const fd of opened.splice(0)) libc.close(fd);
  };
  const check = (result: number, what: string) => {
    if (result >= 0) return result;
    const error = errnoName(libc.errno());
    close();
    throw new UnsupportedProbeError("udp-probe", { requires: `${what} (${error})` });
  };
  const open = (discover: number) => {
    const fd = check(
      libc.socket(option.domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP),
      "a UDP socket",
    );
    opened.push(fd);
    setInt(SOL_SOCKET, SO_REUSEPORT, 1, fd, "SO_REUSEPORT");
    setInt(option.level, option.discover, discover, fd, "IP_MTU_DISCOVER");
    return fd;
  };
  const setInt = (level: number, name: number, number: number, fd: number, what: string) => {
    const value = Buffer.alloc(4);
    value.writeInt32LE(number);
    check(libc.setsockopt(fd, level, name, value, 4), what);
  };

  const sender = open(PMTUDISC_PROBE);
  const any = encodeSockaddr(to.family === 4 ? "0.0.0.0" : "::", 0);
  check(libc.bind(sender, any, any.length), "a UDP port");
  const bound = Buffer.alloc(SOCKADDR_MAX);
  const boundSize = Buffer.alloc(4);
  boundSize.writeUInt32LE(SOCKADDR_MAX);
  check(libc.getsockname(sender, bound, boundSize), "getsockname");
  const receiver = open(PMTUDISC_OMIT);
  setInt(option.level, option.recvErr, 1, receiver, "IP_RECVERR");
  setInt(option.level, option.recvTtl, 1, receiver, "IP_RECVTTL");
  setInt(SOL_SOCKET, SO_TIMESTAMPNS, 1, receiver, "SO_TIMESTAMPNS");
  const local = encodeSockaddr(to.family === 4 ? "0.0.0.0" : "::", bound.readUInt16BE(2));
  check(libc.bind(receiver, local, local.length), "a shared UDP port");
  check(libc.connect(receiver, destination, destination.length), "a route to the target");

  const receive = createReceiver(libc, receiver);
  const sentNs = new Map<number, bigint>();
  return {
    send: ({ ttl, sizeBytes, cookie }) => {
      setInt(option.level, option.ttl, ttl, sender, "IP_TTL");
      const payload = Buffer.alloc(Math.max(COOKIE_BYTES, sizeBytes - UDP_OVERHEAD[to.family]));
      writeCookie(payload, cookie);
      sentNs.set(cookie, libc.realtimeNs());
      const result = libc.sendto(
        sender,
        payload,
        payload.length,
        0,
        destination,
        destination.length,
      );
      return result < 0 ? errnoName(libc.errno()) : null;
    },
    drain: () => {
      const answers: UdpAnswer[] = [];
      for (let message = receive(MSG_ERRQUEUE); message; message = receive(MSG_ERRQUEUE)) {
        const answer = interpret(message, sentNs, libc.realtimeNs());
        if (answer !== undefined) answers.push(answer);
      }
      // A pending error makes the first call fail once; the next one reads data.
      for (let message = receive(0) ?? receive(0); message; message = receive(0)) {
        answers.push(reply(message, sentNs, libc.realtimeNs()));
      }
      return answers;
    },
    close,
  };
}

const NS_PER_MS = 1e6;

function rttOf(
  message: Message,
  cookie: number | undefined,
  sent: Map<number, bigint>,
  now: bigint,
) {
  const from = cookie === undefined ? undefined : sent.get(cookie);
  if (from === undefined) return 0;
  return Math.max(0, Number((message.timestampNs ?? now) - from) / NS_PER_MS);
}

function reply(message: Message, sent: Map<number, bigint>, now: bigint): UdpAnswer {
  const cookie = readCookie(message.data);
  const rttMs = rttOf(message, cookie, sent, now);
  return { cookie, outcome: { kind: "reply", from: message.from ?? "", rttMs } };
}

/** ICMP and ICMPv6 types and codes (RFC 792, RFC 4443). */
const ICMP_UNREACHABLE = 3;
const ICMP_FRAG_NEEDED = 4;
const ICMP_TIME_EXCEEDED = 11;
const ICMP6_TOO_BIG = 2;
const ICMP6_TIME_EXCEEDED = 3;

function interpret(
  message: Message,
  sent: Map<number, bigint>,
  now: bigint,
): UdpAnswer | undefined {
  const { error } = message;
  const icmp = error?.origin === SO_EE_ORIGIN_ICMP;
  if (!error || !(icmp || error.origin === SO_EE_ORIGIN_ICMP6)) return undefined;
  const cookie = readCookie(message.data);
  const rttMs = rttOf(message, cookie, sent, now);
  const from = error.offender ?? "";
  const isTooBig = icmp
    ? error.type === ICMP_UNREACHABLE && error.code === ICMP_FRAG_NEEDED
    : error.type === ICMP6_TOO_BIG;
  if (isTooBig) return { cookie, outcome: { kind: "too-big", from, mtu: error.info, rttMs } };
  const isExceeded = error.type === (icmp ? ICMP_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED);
  if (isExceeded && error.code === 0) {
    return { cookie, outcome: { kind: "time-exceeded", from, rttMs, replyTtl: message.ttl } };
  }
  const { type, code } = error;
  return {
    cookie,
    outcome: { kind: "unreachable", from, type, code, rttMs, replyTtl: message.ttl },
  };
}
