// Whether all that is still open of a run is if its hang recovers by itself: the inbound size is known, to the byte.

import type { Path } from "../../model/path.ts";
import { lastInfo } from "../connection/attempt.ts";
import { defaultAttempt } from "../connection/subject.ts";
import { inboundFacts } from "./inbound.ts";

/** What a run that does not wait for it is said to have left out. */
export const RECOVERY = "recovery";

/**
 * The connection still hangs in data, and the largest size that comes in is known, with no message that named it, and nothing
 * smaller that was lost: of several balanced paths one may have the limit, which shows later.
 */
export function awaitsRecovery(path: Path): boolean {
  const { subject, hungIn, recoveredAfterMs, cached, estimate, interval } = inboundFacts(path);
  const isOpen = subject?.purpose === "default" && subject.ended === null;
  const hangs = isOpen && hungIn !== null && recoveredAfterMs === null && !cached;
  return hangs && estimate.exact && estimate.silent && interval.lost.length === 0;
}

/** Whether the run waits for it: one about sizes ends where they are known, and any other where the user wants it. */
export function isRecoveryWanted({ run }: Path): boolean {
  return run?.command !== "mtu" && run?.options.awaitRecovery !== false;
}

/** Whether the run ended without waiting for it. */
export function isRecoveryLeftOut({ skipped }: Path): boolean {
  return skipped.some(({ probe }) => probe === RECOVERY);
}

/** Until when it is waited for, in milliseconds since the run began; null while there is no connection. */
export function recoveryEndMs(path: Path): number | null {
  const attempt = defaultAttempt(path);
  if (attempt === undefined) return null;
  const limitMs = path.run?.options.timeoutMs ?? recoveryLimitMs(lastInfo(attempt)?.rttMs ?? 0);
  return attempt.atMs + limitMs;
}

/** TCP's minimum retransmission time-out on Linux (net/tcp.h, TCP_RTO_MIN). */
const RTO_MIN_MS = 200;
/** RTO back-off until a server with tcp_mtu_probing=1 uses a smaller MSS: 1 + 2 + 4 + 8. */
const RTOS_UNTIL_PROBING = 15;
const HEAL_MARGIN_MS = 250;
/** No hang is waited for longer, unless the user says so. */
export const MAX_HANG_MS = 10_000;

/**
 * How long a hang may still recover by itself: a server that probes for black holes needs four
 * retransmissions (RFC 4821; net/ipv4/tcp_timer.c), then a round trip for each flight.
 */
export function recoveryLimitMs(rttMs: number): number {
  const rtoMs = rttMs + Math.max(RTO_MIN_MS, 2 * rttMs);
  return Math.min(MAX_HANG_MS, RTOS_UNTIL_PROBING * rtoMs + 3 * rttMs + HEAL_MARGIN_MS);
}
