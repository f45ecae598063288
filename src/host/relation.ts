// How the distro stands to the Windows host, read from the addresses of both.

import type { HostSnapshot } from "../schema/host-snapshot.ts";
import {
  type Address,
  addressOf,
  inPrefix,
  isLinkLocal,
  isLoopback,
  prefixAround,
} from "./address.ts";
import { readHost } from "./host.ts";
import { type HostLink, hostLinks, type InterfaceAddress } from "./links.ts";
import { type AdapterRef, sameAdapter, type UsableRoute, usableRoutes } from "./routes.ts";
import { whyUnread } from "./sources.ts";
import { hasWslSwitchName, isHyperVNic, loopbackMark, vpnMark } from "./vpn-signatures.ts";

export interface GuestAddress {
  readonly address: string;
  readonly prefixLength: number;
}

export type GuestRelation =
  | {
      readonly kind: "nat";
      /** The host's adapter whose prefix holds the guest: WSL's switch. */
      readonly adapter: AdapterRef;
      /** The host's own address on it, which is the guest's gateway. */
      readonly gateway: string;
      readonly guestAddress: string;
      readonly because: string;
    }
  | { readonly kind: "same-host"; readonly addresses: readonly string[]; readonly because: string }
  | { readonly kind: "unrelated"; readonly reason: string }
  /** The snapshot or the guest's list is not complete enough. */
  | { readonly kind: "unknown"; readonly reason: string };

interface Candidate {
  readonly link: HostLink;
  readonly host: InterfaceAddress;
  readonly prefixLength: number;
  readonly guest: GuestAddress;
}

/**
 * "nat": a guest address lies inside the prefix of a host adapter and is not the host's own.
 * "same-host": the guest has the host's own addresses, as WSL1 and mirrored mode do. "unrelated":
 * neither, or the guest is only a neighbour on the host's LAN (bridged). `guestGateways` are the next
 * hops of the guest's default routes; they settle what addresses leave open.
 */
export function guestRelation(
  snapshot: HostSnapshot,
  guestAddresses: readonly GuestAddress[],
  guestGateways: readonly string[] = [],
): GuestRelation {
  const links = hostLinks(snapshot).filter((link) => loopbackMark(link) === null);
  if (links.every((link) => link.addresses.length === 0)) {
    const why = whyUnread(readHost(snapshot).ipAddresses);
    return { kind: "unknown", reason: why ?? "the snapshot holds no address of the host" };
  }
  const guests = guestAddresses.flatMap(usableGuest);
  if (guests.length === 0) {
    return { kind: "unknown", reason: "the guest has no address beside loopback and link-local" };
  }
  const gateways = guestGateways.flatMap((gateway) => addressOf(gateway)?.address ?? []);
  const candidates = switchCandidates(links, guests);
  const throughHost = candidates.filter(({ host }) => gateways.includes(host.address));
  const shared = sharedAddresses(links, guests);
  if (throughHost.length === 0 && shared.length > 0) {
    const because = `the guest has the host's own ${shared.join(", ")}`;
    return { kind: "same-host", addresses: shared, because };
  }
  const routes = usableRoutes(snapshot);
  const best = bestSwitch(throughHost.length > 0 ? throughHost : candidates, routes);
  if (best === null) {
    return { kind: "unrelated", reason: "no guest address lies inside a prefix of the host" };
  }
  return throughHost.length === 0 && isLan(best, routes) ? neighbour(best) : nat(best);
}

function nat({ link, host, prefixLength, guest }: Candidate): GuestRelation {
  return {
    kind: "nat",
    adapter: { name: link.name, ifIndex: link.ifIndex },
    gateway: host.address,
    guestAddress: guest.address,
    because: `the guest's ${guest.address} lies inside ${host.address}/${prefixLength} of ${link.name}`,
  };
}

function neighbour({ link, guest }: Candidate): GuestRelation {
  const reason = `the guest's ${guest.address} is a neighbour on the LAN of ${link.name}, behind the same router as the host`;
  return { kind: "unrelated", reason };
}

function usableGuest(guest: GuestAddress): readonly GuestAddress[] {
  const address = addressOf(guest.address);
  if (address === null || isLoopback(address) || isLinkLocal(address)) return [];
  return [{ address: address.address, prefixLength: guest.prefixLength }];
}

function sharedAddresses(links: readonly HostLink[], guests: readonly GuestAddress[]): string[] {
  const own = new Set(links.flatMap((link) => link.addresses.map(({ address }) => address)));
  return guests.map(({ address }) => address).filter((address) => own.has(address));
}

/** Every host prefix that holds a guest address which is not the host's own. A VPN's are left out. */
function switchCandidates(links: readonly HostLink[], guests: readonly GuestAddress[]) {
  return links
    .filter((link) => vpnMark(link) === null)
    .flatMap((link) => link.addresses.flatMap((host) => holding(link, host, guests)));
}

function holding(link: HostLink, host: InterfaceAddress, guests: readonly GuestAddress[]) {
  const own = addressOf(host.address);
  const { prefixLength } = host;
  if (own === null || prefixLength === null || isLinkLocal(own) || prefixLength === 0) return [];
  return guests
    .filter(({ address }) => isInside(address, own, prefixLength))
    .map((guest): Candidate => ({ link, host, prefixLength, guest }));
}

function isInside(guest: string, host: Address, prefixLength: number): boolean {
  const address = addressOf(guest);
  const prefix = prefixAround(host, prefixLength);
  if (address === null || prefix === null || guest === host.address) return false;
  return inPrefix(address, prefix);
}

/** Preferred in this order: it is up, no LAN router on it, same prefix length, named by WSL, longest prefix. */
function bestSwitch(
  candidates: readonly Candidate[],
  routes: readonly UsableRoute[],
): Candidate | null {
  const rank = (candidate: Candidate): readonly number[] => [
    candidate.link.up === false ? 0 : 1,
    isLan(candidate, routes) ? 0 : 1,
    candidate.prefixLength === candidate.guest.prefixLength ? 1 : 0,
    hasWslSwitchName(candidate.link) ? 2 : isHyperVNic(candidate.link) ? 1 : 0,
    candidate.prefixLength,
  ];
  return [...candidates].sort((a, b) => compareRanks(rank(b), rank(a)))[0] ?? null;
}

/** Whether the host itself reaches the world through a router on this adapter. */
function isLan({ link }: Candidate, routes: readonly UsableRoute[]): boolean {
  return routes.some(
    (route) =>
      route.prefix.length === 0 && route.nextHop !== null && sameAdapter(route.adapter, link),
  );
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const difference = a.map((value, i) => value - (b[i] ?? 0)).find((value) => value !== 0);
  return difference ?? 0;
}
