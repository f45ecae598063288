// How long the default attempt may hang before it is given up.

import type { ProbeContext } from "../../src/probe.ts";
import type { RunningAttempt } from "../tcp/attempt.ts";

/** TCP's minimum retransmission time-out on Linux (net/tcp.h, TCP_RTO_MIN). */
const RTO_MIN_MS = 200;
/** RTO back-off until a server with tcp_mtu_probing=1 uses a smaller MSS: 1 + 2 + 4 + 8. */
const RTOS_UNTIL_PROBING = 15;
const HEAL_MARGIN_MS = 250;
const MAX_LIMIT_MS = 10_000;
/** While not even a SYN-ACK came, three SYNs (0, 1 and 3 s) are given their chance. */
const CONNECT_LIMIT_MS = 3500;

/**
 * How long a hang may still recover by itself: a server that probes for black holes needs four
 * retransmissions (RFC 4821; net/ipv4/tcp_timer.c), then a round trip for each flight.
 */
function recoveryLimitMs(rttMs: number): number {
  const rtoMs = rttMs + Math.max(RTO_MIN_MS, 2 * rttMs);
  return Math.min(MAX_LIMIT_MS, RTOS_UNTIL_PROBING * rtoMs + 3 * rttMs + HEAL_MARGIN_MS);
}

/** Starts to wait; the function returned, asked again and again, says whether it has been long enough. */
export function startWaitLimit(attempt: RunningAttempt, context: ProbeContext): () => boolean {
  const { clock } = context;
  let fromMs = clock.now();
  let wasListening = attempt.listening();
  return () => {
    const isListening = attempt.listening();
    // What comes after a late greeting has its own time.
    if (wasListening && !isListening) fromMs = clock.now();
    wasListening = isListening;
    return clock.now() - fromMs >= limitMs(attempt, context);
  };
}

/** What the user gave, else what follows from the round-trip time and from what is waited for; in milliseconds. */
function limitMs(attempt: RunningAttempt, context: ProbeContext): number {
  const asked = context.path().run?.options.timeoutMs ?? null;
  if (asked !== null) return asked;
  if (attempt.state("connect") !== "passed") return CONNECT_LIMIT_MS;
  // Servers that look up who is calling, or make spammers wait (postscreen: 6 s), greet late.
  if (attempt.listening()) return MAX_LIMIT_MS;
  return recoveryLimitMs(attempt.rttMs() ?? 0);
}
