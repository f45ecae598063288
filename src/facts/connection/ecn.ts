// Whether packets are lost because they ask for ECN or carry its marks (RFC 3168): shown by connections with and without it.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { EcnCheck } from "../../schema/events/tcp-check.ts";
import { perPath } from "../per-path.ts";
import { attemptState, isSynLost, lastInfo } from "./attempt.ts";
import { defaultAttempt } from "./subject.ts";

/** net.ipv4.tcp_ecn: connections that go out ask for it (1), for AccECN (3), or for it though AccECN is taken (4). */
const ASKS: readonly number[] = [1, 3, 4];

/** Whether this system's connections ask for ECN; null where its setting was not read. */
export function asksForEcn({ tcpSettings }: Path): boolean | null {
  const ecn = tcpSettings?.ecn ?? null;
  return ecn === null ? null : ASKS.includes(ecn);
}

/** Whether the default attempt met anything that lost ECN would explain. */
export function isEcnInQuestion(path: Path): boolean {
  const attempt = defaultAttempt(path);
  if (asksForEcn(path) !== true || attempt === undefined) return false;
  const repeated = (lastInfo(attempt)?.totalRetrans ?? 0) > 0;
  const connected = attemptState(attempt, "connect") === "passed";
  return !connected || isSynLost(attempt) || repeated || attempt.stalls.length > 0;
}

export interface EcnFacts {
  /** What is lost: the connection request that asks for it, or data that carry its marks. */
  readonly lost: "request" | "data" | null;
  /** Connections with it fared as those without. */
  readonly cleared: boolean;
  readonly asked: readonly Seen<EcnCheck>[];
  readonly leftOut: readonly Seen<EcnCheck>[];
}

/** Chance alone loses three and spares three once in 20 times, and the default attempt before them was lost too. */
export const ECN_PAIRS = 3;
/** Linux' least time before it sends again (net/tcp.h, TCP_RTO_MIN): a server whose data are lost answers so much later. */
const RTO_MS = 200;
/** What the answers of one server may differ by on a busy machine is less than that, most of the time. */
const LATE_MS = 0.9 * RTO_MS;

/** Null where nothing was compared. */
export const ecnFacts = perPath("ecnFacts", ({ ecnChecks }: Path): EcnFacts | null => {
  const asked = ecnChecks.filter((one) => one.asked);
  const leftOut = ecnChecks.filter((one) => !one.asked);
  if (asked.length < ECN_PAIRS || leftOut.length < ECN_PAIRS) return null;
  if (!leftOut.every(({ connected, repeated }) => connected && repeated === 0)) {
    return { lost: null, cleared: false, asked, leftOut };
  }
  if (asked.every(({ connected }) => !connected)) {
    return { lost: "request", cleared: false, asked, leftOut };
  }
  const slowestMs = Math.max(...leftOut.map(({ answerMs }) => answerMs ?? 0));
  const suffers = ({ agreed, repeated, answerMs }: EcnCheck) =>
    agreed && (repeated > 0 || (answerMs ?? Number.POSITIVE_INFINITY) > slowestMs + LATE_MS);
  const isAnswered = leftOut.every(({ answerMs }) => answerMs !== null);
  const lost = isAnswered && asked.every(suffers) ? "data" : null;
  const cleared = asked.every((one) => one.connected && !(isAnswered && suffers(one)));
  return { lost, cleared, asked, leftOut };
});

/** Whether lost ECN may be why connections fail, for all that is known: it is asked for, and nothing clears it. */
export function isEcnCandidate(path: Path): boolean {
  return asksForEcn(path) === true && ecnFacts(path)?.cleared !== true;
}

/** Fewer may have repeated something by chance. */
const ENOUGH = 5;

/** Connections of the kernel's with ECN, where every single one had to repeat data, and no SYN; else none. */
export function repeatedWithEcn(path: Path): readonly Attempt[] {
  if (!isEcnCandidate(path)) return [];
  const agreed = path.attempts.filter((attempt) => lastInfo(attempt)?.ecn === true);
  const all = agreed.every((one) => !isSynLost(one) && (lastInfo(one)?.totalRetrans ?? 0) > 0);
  return all && agreed.length >= ENOUGH ? agreed : [];
}
