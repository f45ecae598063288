// Requests port 80 of the target, and of an address that no host has, and asks for a name that cannot exist: a captive portal
// answers for all of them.

import { Resolver } from "node:dns/promises";
import http from "node:http";
import { attemptState } from "../../src/facts/connection/attempt.ts";
import { defaultAttempt } from "../../src/facts/connection/subject.ts";
import { NO_NAME } from "../../src/facts/dns/negative-answers.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { Family } from "../../src/schema/events/common.ts";
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
  await Promise.all([
    ask(attempt.address, host, "target"),
    ask(NOWHERE, NOWHERE, "nowhere"),
    askNoName(context, attempt.family),
  ]);
}

/** As WAIT_MS, once. */
const QUERY = { timeout: 1500, tries: 1 } as const;
/** What c-ares reports where the server says that there is no such name, or no such record. */
const NONE: readonly string[] = ["ENOTFOUND", "ENODATA"];

async function askNoName(context: ProbeContext, family: Family): Promise<void> {
  const server = context.path().resolverConfig?.servers[0];
  if (server === undefined) return;
  const resolver = new Resolver(QUERY);
  const stop = () => resolver.cancel();
  context.signal.addEventListener("abort", stop, { once: true });
  const asked = { kind: "wildcard-check", server, name: NO_NAME } as const;
  try {
    resolver.setServers([server]);
    const addresses = await (family === 4
      ? resolver.resolve4(NO_NAME)
      : resolver.resolve6(NO_NAME));
    context.emit({ ...asked, addresses, error: null });
  } catch (error) {
    if (context.signal.aborted) return;
    const code = errorCode(error);
    context.emit({ ...asked, addresses: [], error: NONE.includes(code) ? null : code });
  } finally {
    context.signal.removeEventListener("abort", stop);
  }
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
