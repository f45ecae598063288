// Who it is that accepts a connection and never answers: how far away, and whether an answer was sent that did not come.

import type { Path } from "../../model/path.ts";
import type { SilenceCheck } from "../../schema/events/tcp-check.ts";
import { reachFacts } from "../reach/reach.ts";
import { endingOf } from "./ending.ts";
import { defaultAttempt, tracedRoute } from "./subject.ts";

/** The default attempt waits for an answer of the far side, which has what was sent. */
export function isSilenceInQuestion(path: Path): boolean {
  const attempt = defaultAttempt(path);
  if (attempt === undefined || path.requested !== null || path.datagram !== null) return false;
  const ending = endingOf(attempt, path);
  return ending.kind === "silent" && ending.stage !== "connect";
}

/** TTLs that do not lead to the target: up to the router before it, as far as is known; 0 for none. */
export function ttlBelowTarget(path: Path): number {
  const { distance, farthest } = reachFacts(path);
  const gateway = tracedRoute(path)?.gateway ?? null;
  if (distance !== null) return distance - 1;
  return Math.max(farthest?.ttl ?? 0, gateway === null ? 0 : 1);
}

export interface SilenceFacts {
  /** The least TTL with which a connection is accepted; null where none below the target's distance is. */
  readonly acceptedAtTtl: number | null;
  /** Every TTL below the target's known distance was tried in vain. */
  readonly atFullDistance: boolean;
  /** What the far side has sent and did not come: by the number of its next byte; null where it was not seen. */
  readonly eatenBytes: number | null;
  readonly evidence: readonly string[];
}

/** Null where nothing was tried. */
export function silenceFacts(path: Path): SilenceFacts | null {
  const check = path.silenceCheck;
  if (check === null) return null;
  const accepted = check.nearer.flatMap(({ ttl, accepted: yes }) => (yes ? [ttl] : []));
  const nearest = accepted.length === 0 ? null : Math.min(...accepted);
  const { distance, routers } = reachFacts(path);
  // A SYN to the same port that a router further on got went another way than the connection.
  const passed = routers.some(
    ({ ttl, protocol, port }) =>
      nearest !== null && ttl >= nearest && protocol === "tcp" && port === undefined,
  );
  return {
    acceptedAtTtl: passed ? null : nearest,
    atFullDistance: nearest === null && distance !== null && check.nearer.length >= distance - 1,
    eatenBytes: eatenBytes(check),
    evidence: [check.id],
  };
}

/** Over a connection that got data itself nothing is shown of the one that did not. */
function eatenBytes({ raw }: Pick<SilenceCheck, "raw">): number | null {
  if (raw === null || raw.receivedBytes > 0 || raw.answers === 0) return null;
  return raw.aheadBytes;
}
