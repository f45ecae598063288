// How long a connection may wait before the waiting means something.

import { SYN_RTO_MS } from "../../src/facts/connection/attempt.ts";
import type { TcpInfo } from "../../src/schema/events/tcp.ts";

/** "rest": data came behind a missing segment. */
export type Awaited = "connection" | "greeting" | "reply" | "rest";

/** What a server is given to compute a handshake before its silence means anything. */
const THINKING_MS = 60;
/** What others wait for a greeting, which servers that look up who is calling give late. */
const GREETING_MS = 1000;
/** What an answer that needs two round trips may take longer than those. */
const REPLY_MARGIN_MS = 10;
/** What may lie between two pieces of an answer, beside two round trips. */
const PAUSE_MS = 30;

/**
 * When waiting counts as a stall. With data out of order the far side has answered, and a too-big
 * message would have healed it within one more round trip; without, it may just be thinking.
 */
export function stallAfterMs(awaited: Awaited, { rttMs }: Pick<TcpInfo, "rttMs">): number {
  switch (awaited) {
    case "connection":
      return SYN_RTO_MS;
    case "greeting":
      return 3 * rttMs + GREETING_MS;
    case "reply":
      return 3 * rttMs + THINKING_MS;
    case "rest":
      return 2 * rttMs + REPLY_MARGIN_MS;
  }
}

/** How long an answer must be silent to be taken for complete. */
export function quietAfterMs({ rttMs }: Pick<TcpInfo, "rttMs">): number {
  return 2 * rttMs + PAUSE_MS;
}
