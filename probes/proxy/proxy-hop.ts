// The proxy that this run's connections go to, as an exchange needs it.

import { type ProxyEnvironment, proxyFor } from "../../src/facts/connection/proxy.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProxyHop } from "./tunnel.ts";

/** Null where connections go to the target itself. */
export function proxyOnPath(
  { proxy, requested }: Path,
  environment: ProxyEnvironment,
): ProxyHop | null {
  if (proxy?.through !== true || requested === null) return null;
  const { scheme, host } = requested;
  // What is reported has no credentials: they are read again.
  const chosen =
    scheme === "https" || scheme === "http" ? proxyFor({ scheme, host }, environment) : null;
  return {
    scheme: proxy.scheme,
    host: proxy.host,
    credentials: chosen?.credentials ?? null,
    targetAddress: proxy.targetAddress ?? null,
  };
}
