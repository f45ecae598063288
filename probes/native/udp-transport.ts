// UDP probes of one flow with any TTL and size, DF set, whose answers leave no learnt PMTU behind.
//
// Two sockets share one port. The sender is unconnected and sends with PMTUDISC_PROBE: DF, and no
// limit but the link's. The receiver is connected to the target with PMTUDISC_OMIT: the kernel
// hands ICMP errors to the best match, which is the receiver, and OMIT makes it refuse to learn
// from a too-big message (net/ipv4/route.c, ipv4_sk_update_pmtu; net/ipv6/udp.c, __udp6_lib_err).
// On IPv6 OMIT refuses the error as a whole, so there a too-big message is only counted.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/model/events/common.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IP_RECVERR,
  IP_RECVERR_RFC4884,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_UDP,
  IPV6_MTU_DISCOVER,
  IPV6_RECVERR,
  IPV6_RECVERR_RFC4884,
  IPV6_RECVHOPLIMIT,
  IPV6_UNICAST_HOPS,
  MSG_ERRQUEUE,
  PMTUDISC_OMIT,
  PMTUDISC_PROBE,
  SO_REUSEPORT,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "./constants.ts";
import { createSendTimes, errorAnswer, type SendTimes } from "./error-queue.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver, type Message } from "./message.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";
import type { Answer, Transport } from "./transport.ts";

/** IP and UDP headers: the smallest probe is this and the cookie. */
const UDP_OVERHEAD = { 4: 28, 6: 48 } as const;
export const UDP_PROBE_MIN = { 4: 28 + COOKIE_BYTES, 6: 48 + COOKIE_BYTES } as const;

const OPTIONS = {
  4: {
    domain: AF_INET,
    level: IPPROTO_IP,
    ttl: IP_TTL,
    discover: IP_MTU_DISCOVER,
    recvErr: IP_RECVERR,
    extensions: IP_RECVERR_RFC4884,
    recvTtl: IP_RECVTTL,
  },
  6: {
    domain: AF_INET6,
    level: IPPROTO_IPV6,
    ttl: IPV6_UNICAST_HOPS,
    discover: IPV6_MTU_DISCOVER,
    recvErr: IPV6_RECVERR,
    extensions: IPV6_RECVERR_RFC4884,
    recvTtl: IPV6_RECVHOPLIMIT,
  },
} as const;

/** @throws UnsupportedProbeError when this kernel refuses one of the socket options */
export function openUdpTransport(
  libc: Libc,
  to: {
    readonly family: Family;
    readonly address: string;
    readonly port: number;
    readonly zoneIndex?: number;
  },
): Transport {
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
    throw new UnsupportedProbeError("probe", { requires: `${what} (${error})` });
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

  // Kernels before 5.9 do not know it: then no labels are told.
  const one = Buffer.from([1, 0, 0, 0]);
  libc.setsockopt(receiver, option.level, option.extensions, one, one.length);
  const receive = createReceiver(libc, receiver);
  const times = createSendTimes(() => libc.realtimeNs());
  return {
    protocol: "udp",
    smallestBytes: UDP_PROBE_MIN[to.family],
    send: ({ ttl, sizeBytes, cookie }) => {
      setInt(option.level, option.ttl, ttl, sender, "IP_TTL");
      const payload = Buffer.alloc(Math.max(COOKIE_BYTES, sizeBytes - UDP_OVERHEAD[to.family]));
      writeCookie(payload, cookie);
      times.sent(cookie, libc.realtimeNs());
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
      const answers: Answer[] = [];
      for (let message = receive(MSG_ERRQUEUE); message; message = receive(MSG_ERRQUEUE)) {
        const answer = errorAnswer(message, readCookie(message.data), times);
        if (answer !== undefined) answers.push(answer);
      }
      // A pending error makes the first call fail once; the next one reads data.
      for (let message = receive(0) ?? receive(0); message; message = receive(0)) {
        answers.push(reply(message, times));
      }
      return answers;
    },
    close,
  };
}

function reply(message: Message, times: SendTimes): Answer {
  const cookie = readCookie(message.data);
  const rttMs = times.rttMs(cookie, message);
  const from = message.from ?? "";
  const outcome = { kind: "reply", from, with: "data", rttMs, replyTtl: message.ttl } as const;
  return { cookie, outcome, labels: [], quote: null };
}
