// How long a probe's answer is waited for, by the round-trip time of the path as far as it is known.

import { lastInfo, stageOf } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";

/** A silent answer is waited for so long: several round trips, between these bounds. A later one still counts. */
export const WAIT = { minMs: 100, maxMs: 1500, roundTrips: 4 } as const;

/** In milliseconds; the shortest while nothing shows the round-trip time. */
export function waitFor(path: Path): number {
  const attempt = defaultAttempt(path);
  // Without TCP_INFO by how long connecting took.
  const rttMs = attempt === undefined ? 0 : (lastInfo(attempt)?.rttMs ?? connectMs(attempt));
  return Math.min(WAIT.maxMs, Math.max(WAIT.minMs, WAIT.roundTrips * rttMs));
}

/** Whether the round-trip time is known by now, or will not be: the connection was made, failed, or had to repeat its SYN. */
export function isRttSettled(path: Path): boolean {
  const { scheme } = path.run?.target ?? {};
  if (scheme === "udp" || scheme === "icmp") return true;
  const attempt = defaultAttempt(path);
  return attempt !== undefined && attempt.stages.length + attempt.stalls.length > 0;
}

function connectMs(attempt: Attempt): number {
  const connect = stageOf(attempt, "connect");
  return connect?.result.kind === "ok" ? connect.ms : 0;
}
