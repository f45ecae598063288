// Messages of a socket's error queue as answers to probes: ICMP errors that the kernel matched itself.

import type { ProbeOutcome } from "../../src/schema/events/probe.ts";
import { extensionsAt } from "../packet/extensions.ts";
import { icmpOutcome } from "../packet/icmp.ts";
import { SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6 } from "./constants.ts";
import type { ExtendedError, Message } from "./message.ts";
import type { Answer } from "./transport.ts";

const NS_PER_MS = 1e6;

/** When each probe left, on the clock of the kernel's receive timestamps. */
export interface SendTimes {
  sent(cookie: number, atNs: bigint): void;
  /** Milliseconds until `message` arrived, 0 for an unknown probe. */
  rttMs(cookie: number | undefined, message: Message): number;
}

/** @param now wall clock in nanoseconds, for messages that the kernel gave no timestamp */
export function createSendTimes(now: () => bigint): SendTimes {
  const times = new Map<number, bigint>();
  return {
    sent: (cookie, atNs) => times.set(cookie, atNs),
    rttMs: (cookie, message) => {
      const from = cookie === undefined ? undefined : times.get(cookie);
      if (from === undefined) return 0;
      return Math.max(0, Number((message.timestampNs ?? now()) - from) / NS_PER_MS);
    },
  };
}

/**
 * @param cookie read from the payload of the original datagram by the caller, who knows where it begins
 * @returns undefined for what is no ICMP error, such as a local one
 */
export function errorAnswer(
  message: Message,
  cookie: number | undefined,
  times: SendTimes,
): Answer | undefined {
  const { error } = message;
  if (error === null || !isIcmp(error)) return undefined;
  const outcome = outcomeOf(error, message.ttl, times.rttMs(cookie, message));
  const labels = error.extensionAt === null ? [] : extensionsAt(message.data, error.extensionAt);
  return { cookie, outcome, labels, quote: null };
}

function isIcmp({ origin }: ExtendedError): boolean {
  return origin === SO_EE_ORIGIN_ICMP || origin === SO_EE_ORIGIN_ICMP6;
}

function outcomeOf(error: ExtendedError, replyTtl: number | null, rttMs: number): ProbeOutcome {
  const isV4 = error.origin === SO_EE_ORIGIN_ICMP;
  const { type, code, info: mtu } = error;
  const from = error.offender ?? "";
  return icmpOutcome(isV4 ? 4 : 6, { type, code, mtu, from, replyTtl, rttMs });
}
