// UDP probes of one flow with any TTL and size, DF set, whose answers leave no cached PMTU behind.
//
// On IPv6 the receiving socket refuses a packet-too-big message as a whole, so there it is only counted.

import type { Family } from "../../src/schema/events/common.ts";
import { COOKIE_BYTES, readCookie, writeCookie } from "../packet/cookie.ts";
import { IPPROTO_UDP, SO_REUSEPORT } from "./constants.ts";
import { createSendTimes, errorAnswer, type SendTimes } from "./error-queue.ts";
import type { Libc } from "./libc.ts";
import type { Message } from "./message.ts";
import { type Destination, openSocketPair, type PairOptions } from "./socket-pair.ts";
import type { Answer, Transport } from "./transport.ts";

/** IP and UDP headers: the smallest probe is this and the cookie. */
const OVERHEAD: Readonly<Record<Family, number>> = { 4: 28, 6: 48 };

/** @throws UnsupportedProbeError when this kernel refuses one of the socket options */
export function openUdpTransport(
  libc: Libc,
  to: Destination,
  options: PairOptions = {},
): Transport {
  const kind = {
    probe: "UDP",
    protocol: IPPROTO_UDP,
    share: SO_REUSEPORT,
    connects: true,
    ...options,
  };
  const pair = openSocketPair(libc, to, kind);
  const times = createSendTimes(() => libc.realtimeNs());
  const overhead = OVERHEAD[to.family];
  const smallestBytes = overhead + COOKIE_BYTES;
  return {
    protocol: "udp",
    smallestBytes,
    cachesAbove: pair.cachesNothing ? null : smallestBytes,
    localPort: () => pair.localPort,
    send: ({ ttl, sizeBytes, cookie }) => {
      const payload = Buffer.alloc(Math.max(COOKIE_BYTES, sizeBytes - overhead));
      writeCookie(payload, cookie);
      return pair.send(payload, ttl, cookie, () => times.sent(cookie, libc.realtimeNs()));
    },
    drain: () => {
      const errors = pair
        .errors()
        .map((message) => errorAnswer(message, readCookie(message.data), times));
      const replies = pair.data().map((message) => reply(message, times));
      return [...errors.filter((answer) => answer !== undefined), ...replies];
    },
    close: pair.close,
  };
}

function reply(message: Message, times: SendTimes): Answer {
  const cookie = readCookie(message.data);
  const rttMs = times.rttMs(cookie, message);
  const from = message.from ?? "";
  const outcome = { kind: "reply", from, with: "data", rttMs, replyTtl: message.ttl } as const;
  return { cookie, outcome, labels: [], quote: null };
}
