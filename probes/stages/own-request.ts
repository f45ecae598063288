// What a probe asks for that makes a connection of its own: what the user asked for, without a certificate that anybody checks.

import type { Target } from "../../src/schema/events/run.ts";
import type { WebOptions } from "../tcp/web-request.ts";
import type { TcpDeps } from "./tcp-stages.ts";

type Deps = Pick<TcpDeps, "userAgent" | "tls">;

/** In the target's own protocol. */
export function unverified({ userAgent, tls }: Deps, target: Target) {
  return { ...target, userAgent, secureContext: tls.plain, verify: false, padBytes: null };
}

/** Null where the target does not speak the web's protocols. */
export function ownRequest(deps: Deps, target: Target): WebOptions | null {
  const { scheme } = target;
  if (scheme !== "https" && scheme !== "http") return null;
  return { ...unverified(deps, target), scheme };
}
