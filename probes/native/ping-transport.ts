// ICMP echo probes over ping sockets (icmp(7), net.ipv4.ping_group_range): no privilege needed.
//
// The kernel writes identifier and checksum. Sequence number and cookie rise against each other, so
// that the checksum stays the same and routers that balance by it take one path (Paris traceroute).

import type { Family } from "../../src/schema/events/common.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import { ECHO_REPLY, ECHO_REQUEST, ICMP_HEADER } from "../packet/icmp.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, SO_REUSEADDR } from "./constants.ts";
import { createSendTimes, errorAnswer, type SendTimes } from "./error-queue.ts";
import type { Libc } from "./libc.ts";
import type { Message } from "./message.ts";
import { type Destination, openSocketPair, type PairOptions } from "./socket-pair.ts";
import type { Answer, Transport } from "./transport.ts";

/** IP and ICMP headers: the smallest probe is this and the cookie. */
const OVERHEAD: Readonly<Record<Family, number>> = { 4: 28, 6: 48 };

/** @throws UnsupportedProbeError where ping_group_range leaves this user out, or an option is refused */
export function openPingTransport(
  libc: Libc,
  to: Omit<Destination, "port">,
  options: PairOptions = {},
): Transport {
  const protocol = to.family === 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
  const kind = { probe: "ping", protocol, share: SO_REUSEADDR, connects: false, ...options };
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
      return pair.send(packet, ttl, cookie, () => times.sent(cookie, libc.realtimeNs()));
    },
    drain: () => {
      const errors = pair.errors().map((message) => errorAnswer(message, cookieIn(message), times));
      const replies = pair.data().map((message) => reply(to.family, message, times, options));
      return [...errors, ...replies].filter((answer) => answer !== undefined);
    },
    close: pair.close,
  };
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
