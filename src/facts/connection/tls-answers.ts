// Who ended a TLS handshake, by its end: the far side in TLS, somebody with a reset, or nobody at all.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { TcpResult } from "../../schema/events/tcp.ts";
import { isReset, stageOf } from "./attempt.ts";
import { defaultAttempt } from "./subject.ts";

export type HandshakeEnd =
  /** Finished, or refused in TLS: an alert comes from something that read the ClientHello and speaks TLS. */
  | "answered"
  /** A reset: it needs no TLS and may come from anywhere on the path. */
  | "reset"
  /** Closed in order, without a byte: servers do that, too. */
  | "closed"
  | "silent"
  | "unknown";

/** How the handshake of an attempt ended. */
export function handshakeEnd(attempt: Attempt): HandshakeEnd {
  const result = stageOf(attempt, "tls")?.result;
  return result === undefined ? "unknown" : endOf(result);
}

function endOf(result: TcpResult): HandshakeEnd {
  switch (result.kind) {
    case "ok":
      return "answered";
    case "no-reply":
      return "silent";
    case "other-protocol":
      return "unknown";
    case "failed":
      if (isReset(result.code)) return "reset";
      // OpenSSL's own errors come from bytes that arrived: alerts, and messages it does not take.
      return result.code.startsWith("ERR_SSL_") ? "answered" : "closed";
  }
}

/** Attempts of one purpose with the address of the default attempt, in the order of their start. */
export function besideDefault(path: Path, purpose: Attempt["purpose"]): readonly Attempt[] {
  const address = defaultAttempt(path)?.address;
  return path.connections[purpose].filter((attempt) => attempt.address === address);
}

/** The ids of an attempt's start and of the end of its handshake. */
export function handshakeEvidence(attempt: Attempt): readonly string[] {
  const ended = stageOf(attempt, "tls")?.id;
  return ended === undefined ? [attempt.id] : [attempt.id, ended];
}
