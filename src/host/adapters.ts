// The host's adapters with what each of them is: VPN, physical, WSL's switch, and by which sign.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import type { ByFamily } from "./address.ts";
import { type HostLink, hostLinks, type InterfaceAddress, REPORTED_VIRTUAL } from "./links.ts";
import { type GuestAddress, guestRelation } from "./relation.ts";
import { sameAdapter, type UsableRoute, usableRoutes } from "./routes.ts";
import { defaultRoutes, vpnTopology } from "./topology.ts";
import {
  hardwareMark,
  hasWslSwitchName,
  isHyperVNic,
  loopbackMark,
  notVpnMark,
  vpnMark,
  vpnNameMark,
} from "./vpn-signatures.ts";

export type AdapterKind =
  | "vpn"
  | "physical"
  | "wsl-switch"
  | "loopback"
  | "other-virtual"
  | "unknown";

export interface HostAdapter {
  /** The alias, or "interface 12" when the snapshot has none. */
  readonly name: string;
  readonly ifIndex: number | null;
  readonly description: string | null;
  /** IANA ifType, null when unknown. */
  readonly interfaceType: number | null;
  readonly up: boolean | null;
  readonly kind: AdapterKind;
  /** The sign that decided the kind. */
  readonly kindBecause: string;
  /** NlMtu in bytes; null when unknown, without a limit, or of a disconnected family. */
  readonly mtu: ByFamily<number | null>;
  /** Get-NetAdapter's MtuSize in bytes: the driver's value. */
  readonly driverMtu: number | null;
  readonly metric: ByFamily<number | null>;
  readonly addresses: readonly InterfaceAddress[];
  readonly dnsServers: readonly string[];
}

/** What the guest knows about itself, to find which adapter is its switch. */
export interface GuestView {
  readonly addresses: readonly GuestAddress[];
  /** Next hops of its default routes. */
  readonly gateways?: readonly string[];
}

interface Kind {
  readonly kind: AdapterKind;
  readonly because: string;
}

/**
 * Every adapter that Get-NetAdapter, Get-NetIPInterface, Get-NetIPAddress, Get-DnsClientServerAddress,
 * Get-NetRoute or a connected Get-VpnConnection names. With the guest's addresses the switch is found
 * by topology, without them by WSL's name for it.
 */
export function hostAdapters(snapshot: HostSnapshot, guest?: GuestView): readonly HostAdapter[] {
  const links = hostLinks(snapshot);
  const routes = usableRoutes(snapshot);
  const relation = guest && guestRelation(snapshot, guest.addresses, guest.gateways);
  return links.map((link) => {
    const { kind, because } =
      loopbackKind(link) ??
      switchKind(link, relation) ??
      markedKind(link) ??
      routedKind(link, links, routes) ??
      leftoverKind(link, routes);
    const { virtual: _v, hardware: _h, connected: _c, vpnConnection: _p, ...shown } = link;
    return { ...shown, kind, kindBecause: because };
  });
}

function loopbackKind(link: HostLink): Kind | null {
  const mark = loopbackMark(link);
  return mark === null ? null : { kind: "loopback", because: mark };
}

function switchKind(
  link: HostLink,
  relation: ReturnType<typeof guestRelation> | undefined,
): Kind | null {
  if (relation?.kind === "nat") {
    if (sameAdapter(relation.adapter, link)) {
      return { kind: "wsl-switch", because: relation.because };
    }
    return hasWslSwitchName(link)
      ? {
          kind: "other-virtual",
          because: "it has the name of WSL's switch, but the guest is on another",
        }
      : null;
  }
  return hasWslSwitchName(link) ? { kind: "wsl-switch", because: `its name "${link.name}"` } : null;
}

function markedKind(link: HostLink): Kind | null {
  const vpn = vpnMark(link);
  if (vpn !== null) return { kind: "vpn", because: vpn };
  const other = notVpnMark(link);
  return other === null ? null : { kind: "other-virtual", because: other };
}

function routedKind(
  link: HostLink,
  links: readonly HostLink[],
  routes: readonly UsableRoute[],
): Kind | null {
  const because = vpnTopology(link, links, routes) ?? vpnNameMark(link);
  return because === null ? null : { kind: "vpn", because };
}

const TYPE_ETHERNET = 6;

function leftoverKind(link: HostLink, routes: readonly UsableRoute[]): Kind {
  const hardware = hardwareMark(link);
  if (hardware !== null) return { kind: "physical", because: hardware };
  if (link.virtual === true || isHyperVNic(link)) {
    return { kind: "other-virtual", because: REPORTED_VIRTUAL };
  }
  if (link.interfaceType === TYPE_ETHERNET) {
    return {
      kind: "physical",
      because: "InterfaceType 6 (Ethernet), and nothing marks it as virtual",
    };
  }
  const viaRouter = [...defaultRoutes(routes, 4), ...defaultRoutes(routes, 6)].find(
    (route) => route.nextHop !== null && sameAdapter(route.adapter, link),
  );
  return viaRouter === undefined
    ? { kind: "unknown", because: "the snapshot does not say what it is" }
    : { kind: "physical", because: `a default route leads over its router ${viaRouter.nextHop}` };
}
