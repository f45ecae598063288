// Requests port 80 of the target, and of an address that no host has, and asks for a name that cannot exist: a captive portal
// answers for all of them.

import http from "node:http";
import type { Clock } from "../../src/clock.ts";
import { attemptState, lastInfo, stageOf } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { NO_NAME } from "../../src/facts/dns/negative-answers.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
import type { DnsOutcome } from "../../src/schema/events/dns-replies.ts";
import type { CaptivePortalCheck } from "../../src/schema/events/web.ts";
import { askUdp } from "../dns/udp-query.ts";
import type { Wire } from "../native/connection.ts";
import type { ConnectDatagram } from "../native/datagram.ts";
import type { ConnectStream } from "../native/streams.ts";
import { errorCode } from "../tcp/tls-certificate.ts";

const HTTP_PORT = 80;
/** TEST-NET-1 (RFC 5737): no network routes it, so an answer comes from a middlebox on the path. */
const NOWHERE = "192.0.2.123";
/** How long an answer may take once somebody has taken the connection; where nobody has, a silent port is waited for as long. */
const WAIT_MS = 1500;
/** How long a connection may take beside a target that has answered: a portal is no farther away than that. */
const CONNECT = { minMs: 300, roundTrips: 8 } as const;

export interface PortalDeps {
  readonly userAgent: string;
  readonly connect: ConnectStream;
  /** For names: queries follow the routes, whatever --interface says. */
  readonly connectNames: ConnectDatagram;
}

/** Checks only where the first answer looks like another server's. */
export async function checkCaptivePortal(deps: PortalDeps, context: ProbeContext): Promise<void> {
  const attempt = defaultAttempt(context.path());
  const host = context.path().run?.target.host ?? "";
  if (attempt === undefined || !isSuspect(context)) return;
  const connectMs = connectLimitMs(attempt);
  // Each by its own name: a transparent proxy that goes by names would serve the target for both.
  const ask = async (address: string, name: string, what: CaptivePortalCheck["what"]) => {
    const reported = await get(address, name, { ...deps, ...context, connectMs });
    if (!context.signal.aborted) context.emit({ kind: "portal-check", address, what, ...reported });
  };
  await Promise.all([
    ask(attempt.address, host, "target"),
    ask(NOWHERE, NOWHERE, "nowhere"),
    askNoName(deps, context, attempt.family),
  ]);
}

/** By the slower of what the kernel measured and what connecting took: a repeated SYN or a busy machine make it longer. */
function connectLimitMs(attempt: Attempt): number {
  const connect = stageOf(attempt, "connect");
  if (connect?.result.kind !== "ok") return WAIT_MS;
  const rttMs = Math.max(connect.ms, lastInfo(attempt)?.rttMs ?? 0);
  return Math.min(WAIT_MS, Math.max(CONNECT.minMs, CONNECT.roundTrips * rttMs));
}

async function askNoName(
  { connectNames: connect }: PortalDeps,
  { clock, emit, path, signal }: ProbeContext,
  family: Family,
): Promise<void> {
  const server = path().resolverConfig?.servers[0];
  if (server === undefined) return;
  const type = family === 4 ? "A" : "AAAA";
  const options = { now: clock.now, sleep: clock.sleep, connect, signal, once: true };
  const question = { server, name: NO_NAME, type } as const;
  const { outcome } = await askUdp(question, { ...options, waitMs: WAIT_MS }).result;
  if (signal.aborted) return;
  const error = noAnswerBy(outcome);
  const addresses = error === null && outcome.kind === "answer" ? outcome.addresses : [];
  emit({ kind: "wildcard-check", server, name: NO_NAME, addresses, error });
}

/** What servers say where there is no such name, or no such record. */
const SAID_NONE: readonly string[] = ["NOERROR", "NXDOMAIN"];

/** Null for an answer. */
function noAnswerBy(outcome: DnsOutcome): string | null {
  switch (outcome.kind) {
    case "answer":
      return SAID_NONE.includes(outcome.rcode) ? null : outcome.rcode;
    case "no-reply":
      return "ETIMEDOUT";
    case "refused":
      return "ECONNREFUSED";
    case "unreachable":
      return outcome.error;
    case "malformed":
      return outcome.why;
  }
}

/**
 * A certificate of somebody else, a handshake that something cuts, a redirect in plain HTTP, or a
 * port that is shut where port 80 may not be.
 */
export function isSuspect({ path }: Pick<ProbeContext, "path">): boolean {
  const attempt = defaultAttempt(path());
  if (attempt === undefined) return false;
  if (attemptState(attempt, "connect") !== "passed") return attempt.port !== HTTP_PORT;
  const problem = attempt.certificate?.problem ?? null;
  if (problem !== null) return problem !== "expired" && problem !== "not-yet-valid";
  if (path().run?.target.scheme === "https") return attemptState(attempt, "tls") === "failed";
  return attempt.answer !== null && attempt.answer.status >= 300 && attempt.answer.status < 400;
}

type PortalReply = Pick<CaptivePortalCheck, "status" | "location" | "error">;

interface Getting extends Pick<PortalDeps, "userAgent" | "connect"> {
  /** How long connecting may take. */
  readonly connectMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

async function get(address: string, host: string, getting: Getting): Promise<PortalReply> {
  const { connect, clock, signal, connectMs: limitMs } = getting;
  try {
    const socket = await connect(address, HTTP_PORT, { clock, signal, limitMs });
    return await request(socket, host, getting);
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): PortalReply {
  return { status: null, location: null, error: errorCode(error) };
}

function request(socket: Wire, host: string, { userAgent, signal }: Getting): Promise<PortalReply> {
  return new Promise((resolve) => {
    const name = host.includes(":") ? `[${host}]` : host;
    const headers = { Host: name, "User-Agent": userAgent, Connection: "close" };
    const options = { host, port: HTTP_PORT, path: "/", headers, signal };
    const sent = http.get({ ...options, createConnection: () => socket }, (response) => {
      const location = response.headers.location?.slice(0, 500) ?? null;
      resolve({ status: response.statusCode ?? 0, location, error: null });
      response.destroy();
    });
    const timer = setTimeout(() => sent.destroy(new Error("ETIMEDOUT")), WAIT_MS);
    sent.on("error", (error) => resolve(failed(error)));
    sent.on("close", () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failed("closed"));
    });
  });
}
