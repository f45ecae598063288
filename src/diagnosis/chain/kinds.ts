// Which kinds of segment stand before the first router, and which kind each hop is.

import type { Facts } from "../../facts/facts.ts";
import type { SegmentKind } from "../../schema/verdict.ts";

/** Whether the guest reaches the host over a virtual switch (NAT), or is the host's own stack. */
export function isBehindHost({ relation, path, distroTunnel }: Facts): boolean {
  // Its first router is the far end of the tunnel: what carries the tunnel counts no hop.
  if (distroTunnel !== null) return false;
  if (relation !== null && (relation.kind === "nat" || relation.kind === "same-host")) {
    return relation.kind === "nat";
  }
  const mode = path.vantage?.networkingMode;
  return path.vantage?.vantage === "wsl2" && (mode === "nat" || mode === null);
}

function isInVpn({ vpn, distroTunnel }: Facts): boolean {
  return distroTunnel !== null || (vpn?.known === true && vpn.inVpn);
}

/** The device that packets leave the distro by. */
export function deviceKind({ distroTunnel }: Facts): SegmentKind {
  return distroTunnel === null ? "linux-nic" : "vpn-adapter";
}

/** The kind of the router at a TTL: the host first where it is one, then the first router behind it. */
export function hopKind(facts: Facts, ttl: number): SegmentKind {
  const { target } = facts.hops;
  if (target !== null && ttl >= target.ttl) return "destination";
  const first = isBehindHost(facts) ? 2 : 1;
  if (ttl < first) return "windows-stack";
  if (ttl > first) return "internet-hop";
  return isInVpn(facts) ? "vpn-gateway" : "lan-gateway";
}
