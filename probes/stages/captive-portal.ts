// Requests port 80 of the target, and of an address that no host has: a captive portal answers for both.

import http from "node:http";
import { attemptState } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { CaptivePortalCheck } from "../../src/schema/events/web.ts";
import { errorCode } from "../tcp/tls-certificate.ts";

const HTTP_PORT = 80;
/** TEST-NET-1 (RFC 5737): no network routes it, so an answer comes from a middlebox on the path. */
const NOWHERE = "192.0.2.123";
const WAIT_MS = 1500;

/** Checks only where the first answer looks like another server's. */
export async function checkCaptivePortal(context: ProbeContext, userAgent: string): Promise<void> {
  const attempt = defaultAttempt(context.path());
  const host = context.path().run?.target.host ?? "";
  if (attempt === undefined || !isSuspect(context)) return;
  // Each by its own name: a transparent proxy that goes by names would serve the target for both.
  const ask = async (address: string, name: string, what: CaptivePortalCheck["what"]) => {
    const reported = await get(address, name, userAgent, context.signal);
    if (!context.signal.aborted) context.emit({ kind: "portal-check", address, what, ...reported });
  };
  await Promise.all([ask(attempt.address, host, "target"), ask(NOWHERE, NOWHERE, "nowhere")]);
}

/**
 * A certificate of somebody else, a handshake that something cuts, a redirect in plain HTTP, or a
 * port that is shut where port 80 may not be.
 */
function isSuspect({ path }: ProbeContext): boolean {
  const attempt = defaultAttempt(path());
  if (attempt === undefined) return false;
  if (attemptState(attempt, "connect") !== "passed") return attempt.port !== HTTP_PORT;
  const problem = attempt.certificate?.problem ?? null;
  if (problem !== null) return problem !== "expired" && problem !== "not-yet-valid";
  if (path().run?.target.scheme === "https") return attemptState(attempt, "tls") === "failed";
  return attempt.answer !== null && attempt.answer.status >= 300 && attempt.answer.status < 400;
}

type PortalReply = Pick<CaptivePortalCheck, "status" | "location" | "error">;

function get(
  address: string,
  host: string,
  userAgent: string,
  signal: AbortSignal,
): Promise<PortalReply> {
  return new Promise((resolve) => {
    const failed = (error: unknown) =>
      resolve({ status: null, location: null, error: errorCode(error) });
    const name = host.includes(":") ? `[${host}]` : host;
    const headers = { Host: name, "User-Agent": userAgent, Connection: "close" };
    const request = http.get(
      {
        host: address,
        port: HTTP_PORT,
        path: "/",
        headers,
        agent: false,
        signal,
        timeout: WAIT_MS,
      },
      (response) => {
        const location = response.headers.location?.slice(0, 500) ?? null;
        resolve({ status: response.statusCode ?? 0, location, error: null });
        response.destroy();
      },
    );
    const timer = setTimeout(() => request.destroy(new Error("ETIMEDOUT")), WAIT_MS);
    request.on("error", failed);
    request.on("close", () => {
      clearTimeout(timer);
      failed("closed");
    });
  });
}
