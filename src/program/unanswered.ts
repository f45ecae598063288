// Whether a connection that is over brought its program anything, from the kernel's last counters.

import type { SocketSample } from "./port.ts";
import { isProxy } from "./proxy.ts";

/** net/tcp_states.h */
const SYN_SENT = 2;
/** What is acknowledged of a connection that was accepted, before any data: the SYN. */
const SYN_BYTES = 1;
/** A proxy's refusal (RFC 9110 s.15.5.8), which is shorter than any TLS handshake behind it. */
const REFUSAL_BYTES = 400;

/**
 * Not accepted, without an answer, or refused by a proxy; false of UDP, of which nothing is counted.
 * @param proxies "address:port" or "host:port" of the environment's proxies
 */
export function wasUnanswered(sample: SocketSample, proxies: ReadonlySet<string>): boolean {
  if (sample.protocol === "udp") return false;
  const received = sample.info?.bytesReceived ?? 0;
  if (received === 0) return true;
  return received < REFUSAL_BYTES && isProxy(sample, proxies);
}

/** Accepted, and neither end said a word. */
export function wasUnused({ protocol, state, info }: SocketSample): boolean {
  if (protocol === "udp" || info === null || info.bytesReceived !== 0) return false;
  return info.bytesAcked === null ? state !== SYN_SENT : info.bytesAcked === SYN_BYTES;
}
