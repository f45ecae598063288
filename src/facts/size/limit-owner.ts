// Whose limit a measured size is: the VPN adapter's on the host's route to the target, or nobody's that is known.

import type { Path } from "../../model/path.ts";
import type { PmtuEstimate } from "../../schema/verdict.ts";
import { tracedLookup } from "../connection/subject.ts";
import { type DistroTunnel, distroTunnelOn } from "../reach/distro-tunnel.ts";
import { hostAddresses } from "../reach/host-probes.ts";
import { relationOf, targetVpn } from "../reach/path-host.ts";
import { betweenBytes, NO_SNAPSHOT, noWindowsEvidence } from "../reasons.ts";
import { outboundFacts } from "./outbound.ts";

export type LimitOwner =
  | {
      readonly kind: "vpn";
      readonly name: string;
      readonly ifIndex: number | null;
      readonly mtu: number;
      /** The measured limit is the adapter's to the byte. */
      readonly exact: boolean;
      /** The tunnel carries less than its adapter's MTU: what surrounds a packet was counted too small. */
      readonly carriesLess: boolean;
      /** The link whose MTU leaves the tunnel so little; null where that is not known. */
      readonly carrier: DistroTunnel["carrier"];
      readonly because: readonly string[];
    }
  /** The snapshot shows the path, and no VPN adapter with that limit is on it. */
  | { readonly kind: "other"; readonly because: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** Matches a measured limit with the VPN adapter that the host sends the target's packets into. */
export function ownerOf(path: Path, estimate: PmtuEstimate): LimitOwner {
  const tunnel = distroTunnelOn(path, tracedLookup(path));
  if (tunnel !== null) return ownerInDistro(path, estimate, tunnel);
  const vpn = targetVpn(path);
  if (vpn === null) {
    const reason = path.host?.reason ?? NO_SNAPSHOT;
    return { kind: "unknown", reason: noWindowsEvidence(reason) };
  }
  if (!vpn.known) return { kind: "unknown", reason: vpn.reason };
  const relation = relationOf(path);
  if (relation?.kind === "unrelated" || relation?.kind === "unknown") {
    return { kind: "unknown", reason: relation.reason };
  }
  if (!vpn.inVpn) {
    return {
      kind: "other",
      because: `the host's route to the target is in no VPN: ${vpn.route.because}`,
    };
  }
  const { mtu } = vpn.limit;
  if (mtu === null) {
    return { kind: "unknown", reason: `the snapshot has no MTU of ${vpn.adapter.name}` };
  }
  const carriesLess = !holds(estimate, mtu);
  if (carriesLess && !isLostInTunnel(path, estimate, mtu)) {
    const because = `${vpn.adapter.name} carries ${mtu} bytes, which is not the measured limit`;
    return { kind: "other", because };
  }
  const { name, ifIndex } = vpn.adapter;
  const exact = estimate.exact && estimate.bytes === mtu;
  return {
    kind: "vpn",
    name,
    ifIndex,
    mtu,
    exact,
    carriesLess,
    carrier: null,
    because: vpn.evidence,
  };
}

/** Of a tunnel that the distro runs itself: only what it carries less than its own MTU is a limit of it. */
function ownerInDistro(
  path: Path,
  estimate: PmtuEstimate,
  { name, mtu, carrier }: DistroTunnel,
): LimitOwner {
  if (mtu === null) return { kind: "unknown", reason: `the MTU of ${name} is not known` };
  const isCrowded = carrier !== null && isLeftBy(estimate, carrier.mtu, mtu);
  if (!isCrowded && !isLostInTunnel(path, estimate, mtu)) {
    const because = `${name} of the distro carries ${mtu} bytes, which is not the measured limit`;
    return { kind: "other", because };
  }
  const because = [`${name} is a VPN's that runs in the distro, and has an MTU of ${mtu}`];
  const shown = isCrowded ? carrier : null;
  return {
    kind: "vpn",
    name,
    ifIndex: null,
    mtu,
    exact: false,
    carriesLess: true,
    carrier: shown,
    because,
  };
}

/** A bare tunnel adds an IPv4 header (RFC 2003). */
const LEAST_HEADERS = 20;
/** WireGuard adds 60 or 80 (wireguard.com/quickstart), IPsec in UDP with L2TP and PPP up to twice as much. */
const MOST_HEADERS = 160;

/** Whether what is lost is what no longer fits the link below once the tunnel's headers are around it. */
function isLeftBy({ silent, atLeast, below }: PmtuEstimate, link: number, mtu: number): boolean {
  if (!silent || below === null || below > mtu || mtu + LEAST_HEADERS <= link) return false;
  return below - 1 <= link - LEAST_HEADERS && (atLeast ?? 0) >= link - MOST_HEADERS;
}

/**
 * Whether packets that the adapter takes are lost in the tunnel: what is sent has the same limit, and Windows itself
 * names it, or no hop behind the tunnel answers at full size. Answers have no hops to be followed by.
 */
function isLostInTunnel(path: Path, { silent, atLeast, below }: PmtuEstimate, mtu: number) {
  const { estimate: sent, limitReportedBy, vanishes } = outboundFacts(path);
  if (!silent || below === null || below > mtu || sent.below === null) return false;
  const isSame = Math.max(atLeast ?? 0, sent.atLeast ?? 0) < Math.min(below, sent.below);
  if (!isSame) return false;
  if (limitReportedBy !== null) return hostAddresses(path).has(limitReportedBy);
  if (!sent.silent || vanishes === null) return false;
  // In NAT mode Windows is the first router, so that its tunnel is the link behind it.
  const isBehind =
    distroTunnelOn(path, tracedLookup(path)) === null && relationOf(path)?.kind === "nat";
  const windows = isBehind ? 1 : 0;
  return vanishes.afterTtl <= windows && windows < vanishes.beforeTtl;
}

/** Whether a limit of `mtu` bytes explains what passed and what did not. */
function holds({ exact, bytes, atLeast, below }: PmtuEstimate, mtu: number): boolean {
  if (exact) return bytes === mtu;
  return (atLeast ?? 0) <= mtu && below !== null && mtu < below;
}

/** "1400 bytes" or the range, for people. */
export function formatLimit({ exact, bytes, atLeast, below }: PmtuEstimate): string {
  if (exact && bytes !== null) return `${bytes} bytes`;
  if (below === null) return `${bytes ?? "an unknown number of"} bytes`;
  return atLeast === null ? `fewer than ${below} bytes` : betweenBytes(atLeast, below - 1);
}
