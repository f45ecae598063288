// How the distro gets its names: by WSL's tunnel, the host's proxy on the gateway, Windows' servers, a stub, or a file of its own.

import { hostLinks } from "../../host/links.ts";
import { sameAdapter } from "../../host/routes.ts";
import type { Path } from "../../model/path.ts";
import { relationOf } from "../reach/path-host.ts";
import { NO_SERVER } from "../reasons.ts";

export type ConfiguredResolver =
  | { readonly kind: "tunnel" | "gateway-proxy" | "stub"; readonly server: string }
  /** WSL wrote the servers of Windows' adapters into the file. */
  | { readonly kind: "host-servers" }
  /** Somebody else wrote the file. */
  | { readonly kind: "manual" }
  | { readonly kind: "unknown"; readonly reason: string };

/** WSL's own listener (microsoft/WSL, dnsTunnelingIpAddress); recordings without a variant know it by this. */
const TUNNEL_SERVER = "10.255.255.254";

/**
 * By the first server and by the topology: the default gateway is the host's proxy only where the host is the gateway;
 * for a distro with the host's own addresses it is the LAN's router.
 */
export function configuredResolver(path: Path): ConfiguredResolver {
  const config = path.resolverConfig;
  const [first] = config?.servers ?? [];
  if (config === null || first === undefined) {
    return { kind: "unknown", reason: NO_SERVER };
  }
  if (config.variant === "dns-tunnel" || first === TUNNEL_SERVER) {
    return { kind: "tunnel", server: first };
  }
  if (config.variant === "systemd-stub") return { kind: "stub", server: first };
  if (isHostProxy(path, first)) return { kind: "gateway-proxy", server: first };
  return { kind: config.generatedByWsl ? "host-servers" : "manual" };
}

function isHostProxy(path: Path, server: string): boolean {
  const { vantage, routes, host } = path;
  const relation = relationOf(path);
  if (relation !== null && host?.snapshot != null) {
    if (relation.kind !== "nat") return false;
    // The relation may rest on the other family's addresses.
    const own = hostLinks(host.snapshot).find((link) => sameAdapter(link, relation.adapter));
    return own?.addresses.some(({ address }) => address === server) === true;
  }
  const isGateway = routes?.routes.some(
    ({ gateway, prefix }) => gateway === server && prefix.endsWith("/0"),
  );
  return isGateway === true && vantage?.vantage === "wsl2" && vantage.networkingMode === "nat";
}
