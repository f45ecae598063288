// The request of a probe that makes a connection of its own to a web server: the user's, without a certificate that anybody checks.

import type { Target } from "../../src/schema/events/run.ts";
import type { WebOptions } from "../tcp/web-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

/** Null where the target does not speak the web's protocols. */
export function ownRequest(
  { userAgent, tls }: Pick<TcpDeps, "userAgent" | "tls">,
  target: Target,
): WebOptions | null {
  const { scheme } = target;
  if (scheme !== "https" && scheme !== "http") return null;
  const secureContext = tls.plain;
  return { ...target, scheme, userAgent, secureContext, verify: false, padBytes: null };
}
