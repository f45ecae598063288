// ICMP echo probes over ping sockets (icmp(7), net.ipv4.ping_group_range), for which no privilege is needed, or raw ones (raw(7)).
//
// On a ping socket the kernel writes identifier and checksum. Sequence number and cookie rise against each other, so
// that the checksum stays the same and routers that balance by it take one path (Paris traceroute).

import type { Family } from "../../src/schema/events/common.ts";
import { checksum } from "../packet/checksum.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import { ECHO_REPLY, ECHO_REQUEST, ICMP_HEADER } from "../packet/icmp.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, SO_REUSEADDR, SOCK_RAW } from "./constants.ts";
import { createSendTimes, errorAnswer, type SendTimes } from "./error-queue.ts";
import type { Libc } from "./libc.ts";
import type { Message } from "./message.ts";
import { type Destination, openSocketPair, type PairOptions } from "./socket-pair.ts";
import type { Answer, Transport } from "./transport.ts";

/** IP and ICMP headers: the smallest probe is this and the cookie. */
const OVERHEAD: Readonly<Record<Family, number>> = { 4: 28, 6: 48 };

export interface PingOptions extends PairOptions {
  /** The identifier of a raw socket's requests; absent: a ping socket. */
  readonly identifier?: number;
}

/** @throws UnsupportedProbeError where ping_group_range leaves this user out, or an option or a raw socket is refused */
export function openPingTransport(
  libc: Libc,
  to: Omit<Destination, "port">,
  { identifier, ...options }: PingOptions = {},
): Transport {
  const protocol = to.family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  const type = identifier === undefined ? {} : { type: SOCK_RAW };
  const shared = { probe: "ping", protocol, share: SO_REUSEADDR, connects: false };
  const kind = { ...shared, ...type, ...options };
  const contentOf = identifier === undefined || to.family === 6 ? whole : behindIpHeader;
  const pair = openSocketPair(libc, { ...to, port: 0 }, kind);
  const times = createSendTimes(() => libc.realtimeNs());
  const smallestBytes = OVERHEAD[to.family] + COOKIE_BYTES;
  return {
    protocol: "icmp",
    smallestBytes,
    // net/ipv6/icmp.c, icmpv6_err: the kernel caches a PMTU for every original datagram of ICMPv6, whoever sent it.
    cachesAbove: to.family === 6 || !pair.cachesNothing ? smallestBytes : null,
    send: ({ ttl, sizeBytes, cookie }) => {
      const packet = Buffer.alloc(
        ICMP_HEADER + Math.max(COOKIE_BYTES, sizeBytes - OVERHEAD[to.family]),
      );
      packet.writeUInt8(ECHO_REQUEST[to.family], 0);
      packet.writeUInt16BE(0xffff - (cookie & 0xffff), 6);
      writeCookie(packet.subarray(ICMP_HEADER), cookie);
      if (identifier !== undefined) complete(packet, to.family, identifier);
      return pair.send(packet, ttl, cookie, () => times.sent(cookie, libc.realtimeNs()));
    },
    drain: () => {
      const errors = pair.errors().map((message) => errorAnswer(message, cookieIn(message), times));
      const replies = pair
        .data()
        .map((message) => reply(to.family, contentOf(message), times, options))
        // A raw socket gets what others asked for, too.
        .filter((answer) => identifier === undefined || answer?.cookie !== undefined);
      return [...errors, ...replies].filter((answer) => answer !== undefined);
    },
    close: pair.close,
  };
}

/** ICMPv6's checksum is the kernel's on raw sockets as well (RFC 3542 s.3.1). */
function complete(packet: Buffer, family: Family, identifier: number): void {
  packet.writeUInt16BE(identifier, 4);
  if (family === 4) packet.writeUInt16BE(checksum(packet), 2);
}

const whole = (message: Message): Message => message;

/** IPv4 packets come with their header (raw(7)), IPv6 ones without (RFC 3542 s.3). */
function behindIpHeader(message: Message): Message {
  const words = (message.data[0] ?? 0) & 0xf;
  return { ...message, data: message.data.subarray(words * 4) };
}

/** Data of a ping socket, and its original datagrams, begin with the ICMP header. */
function cookieIn({ data }: Message): number | undefined {
  return readCookie(data.subarray(ICMP_HEADER));
}

function reply(
  family: Family,
  message: Message,
  times: SendTimes,
  { fragmentSizes }: PairOptions,
): Answer | undefined {
  if (message.data[0] !== ECHO_REPLY[family]) return undefined;
  const cookie = cookieIn(message);
  const rttMs = times.rttMs(cookie, message);
  const { ttl: replyTtl, from, largestFragment } = message;
  const pieces = fragmentSizes === true ? { largestFragment } : {};
  const reported = { from: from ?? "", rttMs, replyTtl, ...pieces };
  const outcome = { kind: "reply", with: "echo-reply", ...reported } as const;
  return { cookie, outcome, labels: [], quote: null };
}
