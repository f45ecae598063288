// The tunnel of a VPN that runs in the distro itself and takes what is sent to the target.

import { hostLinks } from "../../host/links.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { RouteLookup } from "../../schema/events/guest.ts";

/** Names that VPN programs give their interfaces. */
const VPN_NAME = /^(tun|tap|wg|ppp|utun|tailscale|nordlynx|proton|zt|gpd|cscotun|outline-tun)/;

export interface DistroTunnel {
  readonly name: string;
  readonly mtu: number | null;
  /** The link that the tunnel's own packets leave by: that of the default route beside it; null where none is known. */
  readonly carrier: { readonly name: string; readonly mtu: number } | null;
  readonly evidence: readonly string[];
}

/** The interface of a route where it is a tunnel, whoever set it up. */
export function tunnelOn(path: Path, lookup: Seen<RouteLookup> | undefined): DistroTunnel | null {
  if (lookup?.outcome.kind !== "route" || !isTunnel(path, lookup.outcome.interface)) return null;
  const { interface: name, linkMtu: mtu } = lookup.outcome;
  return { name, mtu, carrier: carrierBeside(path, name), evidence: [lookup.id] };
}

/** The same where the distro runs it: WSL1 shows Windows' adapters, and mirrored mode those of its VPNs. */
export function distroTunnelOn(
  path: Path,
  lookup: Seen<RouteLookup> | undefined,
): DistroTunnel | null {
  const tunnel = tunnelOn(path, lookup);
  if (tunnel === null || path.vantage === null || path.vantage.vantage === "wsl1") return null;
  const isGuest = path.vantage.vantage === "wsl2" || path.host?.snapshot != null;
  if (!isGuest && !isVpnAnywhere(tunnel.name)) return null;
  return isOfWindows(path, tunnel.name) ? null : tunnel;
}

/** Beside WSL ppp0 may be the line itself (RFC 2516), and what has no hardware address a modem. */
function isVpnAnywhere(name: string): boolean {
  return VPN_NAME.test(name) && !name.startsWith("ppp");
}

/** Mirrored mode shows the distro the VPNs of Windows too: their addresses are in the snapshot. */
export function isOfWindows(path: Path, name: string): boolean {
  const snapshot = path.host?.snapshot ?? null;
  const link = linkOf(path, name);
  if (snapshot === null || link === undefined) return false;
  const windows = hostLinks(snapshot).flatMap(({ addresses }) =>
    addresses.map((one) => one.address),
  );
  return link.addresses.some(({ address }) => windows.includes(address));
}

/** By its name, or as an interface that has no hardware address and is not the loopback. */
function isTunnel(path: Path, name: string): boolean {
  const link = linkOf(path, name);
  return VPN_NAME.test(name) || (link !== undefined && link.mac === null && !link.loopback);
}

function carrierBeside(path: Path, tunnel: string): DistroTunnel["carrier"] {
  const others = (path.routes?.routes ?? []).filter(
    (route) => route.prefix.endsWith("/0") && route.interface !== tunnel,
  );
  const best = others.sort((a, b) => a.metric - b.metric)[0];
  const link = best === undefined ? undefined : linkOf(path, best.interface);
  return link === undefined ? null : { name: link.name, mtu: link.mtu };
}

function linkOf({ interfaces }: Path, name: string) {
  return interfaces?.interfaces.find((one) => one.name === name);
}
