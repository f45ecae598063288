// Whether a connection leads to a proxy of the environment.

import type { SocketSample } from "./port.ts";

/**
 * A proxy that is given by its name is known by its port alone.
 * @param proxies "address:port" or "host:port"
 */
export function isProxy(
  { address, port }: Pick<SocketSample, "address" | "port">,
  proxies: ReadonlySet<string>,
): boolean {
  return proxies.has(`${address}:${port}`) || [...proxies].some((one) => one.endsWith(`:${port}`));
}
