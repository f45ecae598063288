// Whether the host sends a target's packets into a VPN, with the VPN's limit and its outer path.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type GuestView, type HostAdapter, hostAdapters } from "./adapters.ts";
import { addressOf, type Family } from "./address.ts";
import { hostLinks } from "./links.ts";
import { type OuterPath, outerPath } from "./outer-path.ts";
import { type HostRoute, routeOnHost, sameAdapter, usableRoutes } from "./routes.ts";
import { defaultRoutes, wholeCover } from "./topology.ts";

export type KnownRoute = Extract<HostRoute, { readonly known: true }>;

export interface VpnLimit {
  /** Bytes; null when neither source has it. */
  readonly mtu: number | null;
  /** NlMtu (Get-NetIPInterface) is what IP uses; MtuSize (Get-NetAdapter) stands in for it. */
  readonly source: "NlMtu" | "MtuSize" | null;
}

export type VpnOnPath =
  | { readonly known: false; readonly reason: string }
  | {
      readonly known: true;
      readonly inVpn: false;
      readonly adapter: HostAdapter;
      readonly route: KnownRoute;
      readonly evidence: readonly string[];
    }
  | {
      readonly known: true;
      readonly inVpn: true;
      readonly adapter: HostAdapter;
      readonly route: KnownRoute;
      /** For the target's family. */
      readonly limit: VpnLimit;
      /** "forced" when every address of the family goes into the tunnel, by the routes. */
      readonly tunnel: "forced" | "split";
      readonly outer: OuterPath;
      readonly evidence: readonly string[];
    };

/** Whether the host's route to an address leads into a VPN adapter. */
export function vpnOnPath(snapshot: HostSnapshot, address: string, guest?: GuestView): VpnOnPath {
  const route = routeOnHost(snapshot, address);
  if (!route.known) return { known: false, reason: route.reason };
  const adapters = hostAdapters(snapshot, guest);
  const adapter = adapters.find((candidate) => sameAdapter(candidate, route.adapter));
  if (adapter === undefined || adapter.kind === "unknown") {
    const reason = `the route leads over ${route.adapter.name}, and the snapshot does not say what that is`;
    return { known: false, reason };
  }
  if (tiesDisagree(adapter, route, adapters)) {
    return {
      known: false,
      reason: `no metric decides whether a VPN is on the path: ${route.because}`,
    };
  }
  const evidence = [
    route.because,
    `${adapter.name} is ${formatKind(adapter)}: ${adapter.kindBecause}`,
  ];
  if (adapter.kind !== "vpn") return { known: true, inVpn: false, adapter, route, evidence };
  const family = addressOf(address)?.family ?? 4;
  const limit = vpnLimit(adapter, family);
  const outer = outerPath(snapshot, adapter, family);
  const tunnel = isForced(snapshot, adapter, family) ? "forced" : "split";
  return {
    known: true,
    inVpn: true,
    adapter,
    route,
    limit,
    tunnel,
    outer,
    evidence: [
      ...evidence,
      limitSentence(adapter, limit, family),
      tunnelSentence(snapshot, adapter, tunnel, family),
      outer.known ? outer.because : outer.reason,
    ],
  };
}

/** The adapters that are VPNs and not known to be down. */
export function vpnAdapters(snapshot: HostSnapshot, guest?: GuestView): readonly HostAdapter[] {
  return hostAdapters(snapshot, guest).filter(({ kind, up }) => kind === "vpn" && up !== false);
}

/** The adapter's limit for a family: NlMtu, or the driver's MtuSize where NlMtu is missing. */
export function vpnLimit(adapter: HostAdapter, family: Family): VpnLimit {
  const mtu = adapter.mtu[family];
  if (mtu !== null) return { mtu, source: "NlMtu" };
  return { mtu: adapter.driverMtu, source: adapter.driverMtu === null ? null : "MtuSize" };
}

function tiesDisagree(
  adapter: HostAdapter,
  route: KnownRoute,
  adapters: readonly HostAdapter[],
): boolean {
  return route.ties.some((tie) => {
    const other = adapters.find((candidate) => sameAdapter(candidate, tie.adapter));
    return (other?.kind === "vpn") !== (adapter.kind === "vpn");
  });
}

function isForced(snapshot: HostSnapshot, adapter: HostAdapter, family: Family): boolean {
  const routes = usableRoutes(snapshot);
  if (wholeCover(adapter, routes, family).length > 0) return true;
  const best = defaultRoutes(routes, family)[0];
  return best !== undefined && sameAdapter(best.adapter, adapter);
}

function formatKind(adapter: HostAdapter): string {
  return adapter.kind === "vpn" ? "a VPN adapter" : `no VPN (${adapter.kind})`;
}

function limitSentence(adapter: HostAdapter, limit: VpnLimit, family: Family): string {
  switch (limit.source) {
    case "NlMtu":
      return `${adapter.name} carries packets up to ${limit.mtu} bytes (NlMtu of IPv${family})`;
    case "MtuSize":
      return `${adapter.name} has no NlMtu for IPv${family} in the snapshot; its driver has ${limit.mtu} bytes (MtuSize)`;
    case null:
      return `the snapshot has no MTU of ${adapter.name} for IPv${family}`;
  }
}

function tunnelSentence(
  snapshot: HostSnapshot,
  adapter: HostAdapter,
  tunnel: "forced" | "split",
  family: Family,
): string {
  const profile = hostLinks(snapshot).find((link) => sameAdapter(link, adapter))?.vpnConnection;
  const split = profile?.splitTunneling ?? null;
  const reported =
    split === null ? "" : `; its profile has SplitTunneling ${split ? "True" : "False"}`;
  return tunnel === "forced"
    ? `the routes send every IPv${family} address into ${adapter.name} unless a longer prefix leads elsewhere${reported}`
    : `the routes send only some IPv${family} prefixes into ${adapter.name}${reported}`;
}
