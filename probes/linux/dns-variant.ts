// Which of WSL's DNS variants the resolver file shows.

import type {
  GuestRoute,
  NetworkInterface,
  ResolverVariant,
} from "../../src/schema/events/guest.ts";

/** WSL's DNS tunnelling listens here unless .wslconfig names another (Microsoft: "Advanced settings configuration in WSL"). */
const TUNNEL_SERVER = "10.255.255.254";
/** systemd-resolved.service(8). */
const STUB_SERVERS = ["127.0.0.53", "127.0.0.54"];

export interface ResolverMarks {
  readonly servers: readonly string[];
  readonly generatedByWsl: boolean;
  readonly interfaces: readonly NetworkInterface[];
  readonly routes: readonly GuestRoute[];
}

/**
 * By the first server: the tunnel's address, or another that WSL has put on lo as a /32; the stub of systemd; the
 * default gateway, where WSL's NAT proxy or the user-mode gateway answers; servers of Windows' adapters, when WSL wrote
 * the file; else somebody's own. Null without a server.
 */
export function resolverVariant({
  servers,
  generatedByWsl,
  interfaces,
  routes,
}: ResolverMarks): ResolverVariant | null {
  const [first] = servers;
  if (first === undefined) return null;
  const onLoopback = interfaces
    .filter(({ loopback }) => loopback)
    .flatMap(({ addresses }) => addresses)
    .some(({ address }) => address === first && !address.startsWith("127.") && address !== "::1");
  if (first === TUNNEL_SERVER || onLoopback) return "dns-tunnel";
  if (STUB_SERVERS.includes(first)) return "systemd-stub";
  if (routes.some(({ prefix, gateway }) => prefix.endsWith("/0") && gateway === first)) {
    return "gateway-proxy";
  }
  return generatedByWsl ? "host-servers" : "manual";
}
