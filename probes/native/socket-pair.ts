// Two sockets that share a port: one sends with DF at any size, the other receives and caches no PMTU.
//
// The sender has PMTUDISC_PROBE: DF, and no limit but the link's. The receiver has PMTUDISC_OMIT:
// the kernel hands answers and ICMP errors to it, and OMIT makes it refuse to cache a PMTU from a packet-too-big
// message (net/ipv4/route.c, ipv4_sk_update_pmtu; net/ipv6/udp.c, __udp6_lib_err).
//
// A pair for fragments sends with OMIT too: without DF, and the kernel cuts what the link does not take. Over
// IPv6 it cuts at 1280, which every link takes, so that no router has to send packet too big.

import { UnsupportedProbeError } from "../../src/errors.ts";
import type { Family } from "../../src/schema/events/common.ts";
import {
  AF_INET,
  AF_INET6,
  IP_MTU_DISCOVER,
  IP_RECVERR,
  IP_RECVERR_RFC4884,
  IP_RECVFRAGSIZE,
  IP_RECVTTL,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_MTU,
  IPV6_MTU_DISCOVER,
  IPV6_RECVERR,
  IPV6_RECVERR_RFC4884,
  IPV6_RECVFRAGSIZE,
  IPV6_RECVHOPLIMIT,
  IPV6_UNICAST_HOPS,
  MSG_ERRQUEUE,
  PMTUDISC_OMIT,
  PMTUDISC_PROBE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
} from "./constants.ts";
import { errorQueueRefused } from "./error-queue-check.ts";
import { errnoName, type Libc } from "./libc.ts";
import { type MarkOf, setMark } from "./mark.ts";
import { createReceiver, type Message } from "./message.ts";
import { encodeSockaddr, SOCKADDR_MAX } from "./sockaddr.ts";

export interface Destination {
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  /** Interface index of an IPv6 link-local target's zone. */
  readonly zoneIndex?: number;
}

export interface PairOptions {
  /** Without DF, and in fragments what the link does not take. */
  readonly fragments?: boolean;
  /** What each packet is marked with, by its number. */
  readonly markOf?: MarkOf;
  /** Notes whether what is received came in fragments (Linux 4.10). */
  readonly fragmentSizes?: boolean;
}

export interface SocketPair {
  /** Of both, in UDP; a ping socket's identifier. */
  readonly localPort: number;
  /** False where IP_MTU_DISCOVER is refused: the kernel caches the MTU of every ICMP error. */
  readonly cachesNothing: boolean;
  /**
   * @param number of the probe, by which it is marked
   * @param leaving called last of all before the packet leaves, to take its time
   * @returns errno's name when the kernel refused to send, null when it left
   */
  send(payload: Buffer, ttl: number, number: number, leaving: () => void): string | null;
  /** ICMP errors that were received since the last call. */
  errors(): readonly Message[];
  /** Data that were received since the last call. */
  data(): readonly Message[];
  close(): void;
}

const OPTIONS = {
  4: {
    domain: AF_INET,
    level: IPPROTO_IP,
    any: "0.0.0.0",
    ttl: IP_TTL,
    discover: IP_MTU_DISCOVER,
    recvErr: IP_RECVERR,
    extensions: IP_RECVERR_RFC4884,
    recvTtl: IP_RECVTTL,
    fragmentSize: IP_RECVFRAGSIZE,
  },
  6: {
    domain: AF_INET6,
    level: IPPROTO_IPV6,
    any: "::",
    ttl: IPV6_UNICAST_HOPS,
    discover: IPV6_MTU_DISCOVER,
    recvErr: IPV6_RECVERR,
    extensions: IPV6_RECVERR_RFC4884,
    recvTtl: IPV6_RECVHOPLIMIT,
    fragmentSize: IPV6_RECVFRAGSIZE,
  },
} as const;

/** Any: what a probe has is set when it leaves. */
const FIRST_TTL = 64;
/** RFC 8200 s.5. */
const IPV6_MIN_MTU = 1280;

/**
 * @param kind.protocol of SOCK_DGRAM: UDP, or ICMP for a ping socket
 * @param kind.share the option by which both may have one port (ping sockets: one identifier)
 * @param kind.connects whether the receiver is connected, so that it is the best match for errors
 * @throws UnsupportedProbeError when this kernel refuses a socket or one of its options
 */
export function openSocketPair(
  libc: Libc,
  to: Destination,
  kind: {
    readonly probe: string;
    readonly protocol: number;
    readonly share: number;
    readonly connects: boolean;
    /** Of both sockets. */
    readonly type?: number;
  } & PairOptions,
): SocketPair {
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
    throw new UnsupportedProbeError(kind.probe, { requires: `${what} (${error})` });
  };
  const setInt = (fd: number, level: number, name: number, number: number, what: string) => {
    const value = Buffer.alloc(4);
    value.writeInt32LE(number);
    check(libc.setsockopt(fd, level, name, value, 4), what);
  };
  const trySet = (fd: number, level: number, name: number, number: number): boolean => {
    const value = Buffer.alloc(4);
    value.writeInt32LE(number);
    return libc.setsockopt(fd, level, name, value, 4) >= 0;
  };
  let cachesNothing = true;
  const open = (discover: number) => {
    const type = (kind.type ?? SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = check(libc.socket(option.domain, type, kind.protocol), `a ${kind.probe} socket`);
    opened.push(fd);
    setInt(fd, SOL_SOCKET, kind.share, 1, "a shared port");
    // Fragments need it; small packets get along without.
    if (kind.fragments === true) {
      setInt(fd, option.level, option.discover, discover, "IP_MTU_DISCOVER");
    } else if (!trySet(fd, option.level, option.discover, discover)) cachesNothing = false;
    return fd;
  };

  const sender = open(kind.fragments === true ? PMTUDISC_OMIT : PMTUDISC_PROBE);
  // Known now, and not in the middle of a sweep.
  setInt(sender, option.level, option.ttl, FIRST_TTL, "IP_TTL");
  if (kind.fragments === true && to.family === 6) {
    setInt(sender, IPPROTO_IPV6, IPV6_MTU, IPV6_MIN_MTU, "IPV6_MTU");
  }
  const any = encodeSockaddr(option.any, 0);
  check(libc.bind(sender, any, any.length), "a port");
  const bound = Buffer.alloc(SOCKADDR_MAX);
  const boundSize = Buffer.alloc(4);
  boundSize.writeUInt32LE(SOCKADDR_MAX);
  check(libc.getsockname(sender, bound, boundSize), "getsockname");
  // Bound after the sender: among ping sockets of one identifier the kernel takes the newest.
  const receiver = open(PMTUDISC_OMIT);
  setInt(receiver, option.level, option.recvErr, 1, "IP_RECVERR");
  const unread = errorQueueRefused(libc, receiver);
  if (unread !== null) {
    close();
    throw new UnsupportedProbeError(kind.probe, { requires: unread });
  }
  if (kind.fragmentSizes === true) {
    setInt(receiver, option.level, option.fragmentSize, 1, "IP_RECVFRAGSIZE");
  }
  // Refused: the TTL of answers is not reported, and times are those of the event loop.
  trySet(receiver, option.level, option.recvTtl, 1);
  trySet(receiver, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  // Kernels before 5.9 do not know it: then no labels are reported.
  trySet(receiver, option.level, option.extensions, 1);
  const local = encodeSockaddr(option.any, bound.readUInt16BE(2));
  check(libc.bind(receiver, local, local.length), "a shared port");
  if (kind.connects) {
    check(libc.connect(receiver, destination, destination.length), "a route to the target");
  }

  const receive = createReceiver(libc, receiver);
  let lastTtl = FIRST_TTL;
  return {
    localPort: bound.readUInt16BE(2),
    cachesNothing,
    send: (payload, ttl, number, leaving) => {
      setMark(libc, sender, kind.markOf?.(number));
      if (ttl !== lastTtl) setInt(sender, option.level, option.ttl, ttl, "IP_TTL");
      lastTtl = ttl;
      const size = destination.length;
      leaving();
      const result = libc.sendto(sender, payload, payload.length, 0, destination, size);
      return result < 0 ? errnoName(libc.errno()) : null;
    },
    errors: () => collect(() => receive(MSG_ERRQUEUE)),
    // A pending error makes the first call fail once; the next one reads data.
    data: () => collect(() => receive(0) ?? receive(0)),
    close,
  };
}

function collect(next: () => Message | undefined): readonly Message[] {
  const messages: Message[] = [];
  for (let message = next(); message; message = next()) messages.push(message);
  return messages;
}
