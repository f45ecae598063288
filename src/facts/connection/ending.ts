// How the default attempt ended, as a program would meet it: with an answer of its protocol, or at which stage and by what.

import type { Attempt } from "../../model/connections.ts";
import type { Path } from "../../model/path.ts";
import type { Target } from "../../schema/events/run.ts";
import type { TcpResult, TcpStage } from "../../schema/events/tcp.ts";
import { perPath } from "../per-path.ts";
import { attemptState, CLOSED, isReset, REFUSED } from "./attempt.ts";
import { defaultAttempt } from "./subject.ts";

interface At {
  readonly stage: TcpStage;
  /** Event ids of the attempt's start and of its last stage. */
  readonly evidence: readonly string[];
}

export type Ending =
  /** Nothing was connected to, or the attempt is not over. */
  | { readonly kind: "none" }
  /** An answer of the protocol came, even a refusal of what was asked for. */
  | { readonly kind: "answered" }
  /** On a port whose protocol is not known: a server that waits for its own is silent, or closes. */
  | (At & { readonly kind: "not-spoken" })
  /** Waited for in vain. `cutShort`: no longer than the user's own limit, or than this server took for what it answered. */
  | (At & { readonly kind: "silent"; readonly waitedMs: number; readonly cutShort: boolean })
  /** Ended by a reset, or in order, without an answer. */
  | (At & { readonly kind: "closed"; readonly reset: boolean })
  /** In the protocol's own words, or by a TLS alert: something read the request and will not go on. */
  | (At & { readonly kind: "refused"; readonly by: "alert" | "line"; readonly words: string })
  /** What answers does not speak TLS. */
  | (At & { readonly kind: "not-tls" })
  /** A record or a signature that does not fit: bytes are not what was sent. */
  | (At & { readonly kind: "corrupted"; readonly code: string })
  /** Any other error; errno's name, or OpenSSL's code. */
  | (At & { readonly kind: "error"; readonly code: string });

export const defaultEnding = perPath("defaultEnding", (path): Ending => {
  const attempt = defaultAttempt(path);
  return attempt === undefined || path.ended === null ? NONE : endingOf(attempt, path);
});

const NONE: Ending = { kind: "none" };
const ANSWERED: Ending = { kind: "answered" };

/** How any attempt with the target's own protocol ended. */
export function endingOf(attempt: Attempt, { run, requested }: Path): Ending {
  const last = attempt.stages.at(-1);
  if (attemptState(attempt, "http") === "passed") return ANSWERED;
  if (run === null) return NONE;
  const target = requested ?? run.target;
  if (last === undefined) {
    const [stall] = attempt.stalls;
    if (stall === undefined) return NONE;
    const evidence = [attempt.id, stall.id];
    return silent({ stage: stall.stage, evidence }, stall.sinceStartMs, run.options.timeoutMs);
  }
  const at = { stage: last.stage, evidence: [attempt.id, last.id] };
  if (target.scheme === "unknown" && isUnanswered(last.result) && last.stage !== "connect") {
    return { kind: "not-spoken", ...at };
  }
  switch (last.result.kind) {
    case "ok":
      // Connecting is all that was asked for.
      return target.scheme === "tcp" ? ANSWERED : NONE;
    case "no-reply": {
      const { waitedMs } = last.result;
      const ending = silent(at, waitedMs, run.options.timeoutMs);
      return waitedMs < slowestMs(attempt) ? { ...ending, cutShort: true } : ending;
    }
    case "other-protocol":
      return isWeb(target) ? { kind: "not-tls", ...at } : ANSWERED;
    case "failed":
      return failed(last.result, at, target);
  }
}

/** Silence, or the end of the connection: what any server may have for bytes that it does not understand. */
function isUnanswered(result: TcpResult): boolean {
  if (result.kind === "no-reply") return true;
  return result.kind === "failed" && (isReset(result.code) || result.code === CLOSED);
}

/** The longest that anything beyond connecting took which was answered in the end; what is waited for no longer may come as well. */
function slowestMs({ stages }: Attempt): number {
  const answered = stages.filter(
    ({ stage, result }) => stage !== "connect" && result.kind === "ok",
  );
  return Math.max(0, ...answered.map(({ ms }) => ms));
}

function silent(
  at: At,
  waitedMs: number,
  limitMs: number | null,
): Extract<Ending, { kind: "silent" }> {
  return { kind: "silent", ...at, waitedMs, cutShort: limitMs !== null };
}

type Failed = Extract<TcpResult, { kind: "failed" }>;

function failed({ code, detail }: Failed, at: At, target: Target): Ending {
  const tlsPassed = at.stage === "http" && target.scheme !== "http";
  if (at.stage === "connect") return { kind: "error", ...at, code };
  if (CORRUPTED.test(code)) return { kind: "corrupted", ...at, code };
  // TLS 1.3 lets a client finish before the server misses its certificate (RFC 8446 s.4.4.2.4).
  if (tlsPassed && ALERT.test(code)) return ANSWERED;
  if (ALERT.test(code)) return { kind: "refused", ...at, by: "alert", words: alertName(code) };
  if (code === REFUSED) return { kind: "refused", ...at, by: "line", words: detail };
  if (isReset(code)) return { kind: "closed", ...at, reset: true };
  if (code !== CLOSED) return { kind: "error", ...at, code };
  // A server that speaks TLS and something else than HTTP in it: the handshake was its answer.
  const other = target.scheme === "https" && !isWeb(target);
  return tlsPassed && other ? ANSWERED : { kind: "closed", ...at, reset: false };
}

/** OpenSSL's errors for records and signatures that were changed, found here or reported by the other side. */
const CORRUPTED =
  /BAD_SIGNATURE|BAD_RECORD_MAC|DECRYPTION_FAILED|DECRYPT_ERROR|DIGEST_CHECK_FAILED|BAD_DIGEST_LENGTH/;

/** OpenSSL's names for alerts that came in (its openssl/sslerr.h); some have no "alert" in them. */
const ALERT = /^ERR_SSL_(SSLV3_ALERT|TLSV1(_ALERT)?|TLSV13_ALERT)_/;

/** "handshake failure" of ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE. */
function alertName(code: string): string {
  return code.replace(ALERT, "").replaceAll("_", " ").toLowerCase();
}

const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];

/**
 * Whether a program would wait for HTTP there: a scheme was typed, or the port is one of the web's. Older recordings
 * have the scheme "https" for every port.
 */
function isWeb({ input, port, scheme }: Target): boolean {
  const isNamed = /^https?:/i.test(input) || WEB_PORTS.includes(port);
  return isNamed && (scheme === "https" || scheme === "http");
}

/** Whether it did not get what a program waits for; a wait that the user's own limit cut short shows nothing. */
export function hasFailed(ending: Ending): boolean {
  if (ending.kind === "silent") return !ending.cutShort;
  return !["none", "answered", "not-spoken"].includes(ending.kind);
}
