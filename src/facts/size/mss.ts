// MSS as the default attempt offered it, as the far side allowed it, and the largest packet that arrived.

import type { Path } from "../../model/path.ts";
import {
  attemptState,
  lastInfo,
  offeredBytes,
  receivedBytes,
  sentBytes,
  TCP_HEADERS,
} from "../connection/attempt.ts";
import { defaultAttempt } from "../connection/subject.ts";

export interface MssFacts {
  /** Without TCP options (RFC 9293 s.3.7.1). */
  readonly offered: number | null;
  /** What the far side offered, or what a middlebox on the path changed it to. */
  readonly accepted: number | null;
  /** Bytes of the largest IP packet that arrived. */
  readonly arrived: number | null;
}

export function mssFacts(path: Path): MssFacts {
  const attempt = defaultAttempt(path);
  const info = attempt === undefined ? null : lastInfo(attempt);
  const offered = attempt === undefined ? null : offeredBytes(attempt);
  if (attempt === undefined || info === null || offered === null) {
    return { offered: null, accepted: null, arrived: null };
  }
  const headers = TCP_HEADERS[attempt.family];
  const sent = sentBytes(info, attempt.family);
  const connected = attemptState(attempt, "connect") === "passed";
  // A cached PMTU may keep segments below what was agreed.
  const known = connected && (sent < info.pmtu || sent === offered);
  return {
    offered: offered - headers,
    accepted: known ? sent - headers : null,
    arrived: receivedBytes(info, attempt.family),
  };
}
