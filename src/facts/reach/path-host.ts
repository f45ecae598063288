// The host snapshot as seen from where this run stands: with the guest's addresses and the target's.

import { type GuestView, hostAdapters } from "../../host/adapters.ts";
import { adapterDnsServers, nrptFor } from "../../host/dns.ts";
import { readHost } from "../../host/host.ts";
import type { Settings } from "../../host/ini.ts";
import { type GuestRelation, guestRelation } from "../../host/relation.ts";
import { rowsOf, whyUnread } from "../../host/sources.ts";
import { type VpnOnPath, vpnLimit, vpnOnPath } from "../../host/vpn.ts";
import { wslSettings } from "../../host/wsl-settings.ts";
import type { Path } from "../../model/path.ts";
import type { Family } from "../../schema/events/common.ts";
import type { DnsOrigin } from "../../schema/events/dns-replies.ts";
import { tracedAddress, tracedLookup } from "../connection/subject.ts";
import { perPath, perPathAndKey } from "../per-path.ts";
import { NO_SNAPSHOT } from "../reasons.ts";
import { distroTunnelOn } from "./distro-tunnel.ts";

/** Own addresses and next hops of the default routes, as the snapshot's questions want them. */
export const guestView = perPath("guestView", computeGuestView);

function computeGuestView(path: Path): GuestView {
  const links = path.interfaces?.interfaces ?? [];
  const addresses = links
    .filter((link) => !link.loopback)
    .flatMap((link) =>
      link.addresses.map(({ address, prefixLength }) => ({ address, prefixLength })),
    );
  const gateways = (path.routes?.routes ?? []).flatMap((route) =>
    route.prefix.endsWith("/0") && route.gateway !== null ? [route.gateway] : [],
  );
  return { addresses, gateways };
}

/** How the guest stands to the host; null without a snapshot. */
export const relationOf = perPath("relationOf", computeRelationOf);

function computeRelationOf(path: Path): GuestRelation | null {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return null;
  const { addresses, gateways } = guestView(path);
  return guestRelation(snapshot, addresses, gateways);
}

/** Whether the host sends packets for an address into a VPN; null without a snapshot. */
export const vpnTo = perPathAndKey("vpnTo", computeVpnTo);

function computeVpnTo(path: Path, address: string): VpnOnPath | null {
  const snapshot = path.host?.snapshot ?? null;
  return snapshot === null ? null : vpnOnPath(snapshot, address, guestView(path));
}

/** The same for the traced address, unless a tunnel of the distro's own hides it from Windows. */
export function targetVpn(path: Path): VpnOnPath | null {
  const address = tracedAddress(path);
  const tunnel = distroTunnelOn(path, tracedLookup(path));
  if (tunnel !== null) {
    const reason = `${tunnel.name} of the distro takes it, and Windows sees the tunnel's own packets alone`;
    return { known: false, reason };
  }
  return address === undefined ? null : vpnTo(path, address);
}

/**
 * MTUs that the host's adapters have, the one that the target's packets go into first: sizes that a
 * sweep probes before any other.
 */
export function mtuCandidates(path: Path, address: string, family: Family): readonly number[] {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return [];
  const route = vpnTo(path, address);
  const first = route?.known === true && route.inVpn ? [route.limit.mtu] : [];
  const others = hostAdapters(snapshot, guestView(path))
    .filter((adapter) => adapter.up !== false && adapter.kind !== "loopback")
    .map((adapter) => vpnLimit(adapter, family).mtu);
  return [...new Set([...first, ...others])].filter((mtu) => mtu !== null);
}

/** DNS servers that Windows would query for a name: the NRPT's, then those of its adapters. */
export function hostServers(
  path: Path,
  name: string,
): readonly { readonly server: string; readonly origin: DnsOrigin }[] {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return [];
  const nrpt = nrptFor(snapshot, name);
  const rules = nrpt.known ? nrpt.rules.slice(0, 1) : [];
  const adapters = adapterDnsServers(snapshot);
  const own = adapters.known ? adapters.adapters.filter((adapter) => adapter.up !== false) : [];
  const named = rules.flatMap((rule) => rule.servers);
  return [
    ...named.map((server) => ({ server, origin: "nrpt" as const })),
    ...own
      .flatMap((adapter) => adapter.servers)
      .filter((server) => !named.includes(server))
      .map((server) => ({ server, origin: "adapter" as const })),
  ];
}

export type HostSuffixes =
  | { readonly known: true; readonly missing: readonly string[] }
  | { readonly known: false; readonly reason: string };

/** Domains that Windows appends to short names and the distro does not. */
export function hostSuffixes({ host, resolverConfig }: Path): HostSuffixes {
  const snapshot = host?.snapshot ?? null;
  if (snapshot === null) {
    return { known: false, reason: host?.reason ?? NO_SNAPSHOT };
  }
  const source = readHost(snapshot).dnsSuffixes;
  const vpns = rowsOf(readHost(snapshot).vpnConnections);
  const ofVpns = vpns.flatMap(({ connected, dnsSuffix }) =>
    connected === true ? [dnsSuffix] : [],
  );
  if (source.state !== "rows" && ofVpns.length === 0) {
    return { known: false, reason: whyUnread(source) ?? "" };
  }
  const own = (resolverConfig?.search ?? []).map(plainDomain);
  const all = [
    ...rowsOf(source).flatMap(({ suffixes }) => suffixes),
    ...ofVpns.flatMap((suffix) => suffix ?? []),
  ];
  const missing = [...new Set(all.map(plainDomain))].filter(
    (domain) => domain !== "" && !own.includes(domain),
  );
  return { known: true, missing };
}

function plainDomain(domain: string): string {
  return domain.toLowerCase().replace(/^\.+|\.+$/g, "");
}

/** The id of the host's event, as evidence. */
export function hostEvidence({ host }: Path): readonly string[] {
  return host === null ? [] : [host.id];
}

/** The settings of the host's .wslconfig; null when it is not in the snapshot. */
export function settingsOf({ host }: Path): Settings | null {
  return host?.snapshot == null ? null : wslSettings(host.snapshot);
}
