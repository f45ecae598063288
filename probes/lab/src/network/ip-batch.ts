// The text that `ip -batch` builds a topology from.

import type { Link, LinkEnd, Role, Route, Topology, Tunnel } from "../topology/topology.ts";

/** Names of namespaces by role. */
export type Namespaces = Readonly<Partial<Record<Role, string>>>;

/** Creates every namespace. */
export function namespaceBatch(namespaces: Namespaces): string {
  return lines(Object.values(namespaces).map((name) => `netns add ${name}`));
}

/** Removes every namespace, last made first. */
export function removalBatch(names: readonly string[]): string {
  return lines([...names].reverse().map((name) => `netns del ${name}`));
}

/** Creates every cable, each end already in its namespace. */
export function linkBatch(topology: Topology, namespaces: Namespaces): string {
  return lines(topology.links.map((link) => veth(link, namespaces)));
}

function veth({ mtu, ends: [a, b] }: Link, namespaces: Namespaces): string {
  const one = `link add ${a.interface} netns ${namespaces[a.role]} mtu ${mtu} type veth`;
  return `${one} peer name ${b.interface} netns ${namespaces[b.role]} mtu ${mtu}`;
}

// The same address at both ends and no ARP: all of the world is on the link, as in a real tunnel.
const PLAIN_TUNNEL_MAC = "02:00:5e:00:53:01";

/** The tunnel as a plain cable, for where no VPN can run. */
export function plainTunnelBatch({ mtu, client, gateway }: Tunnel, namespaces: Namespaces): string {
  const end = ({ role, interface: name }: LinkEnd) =>
    `${name} netns ${namespaces[role]} mtu ${mtu} address ${PLAIN_TUNNEL_MAC} arp off`;
  return lines([`link add ${end(client)} type veth peer name ${end(gateway)}`]);
}

/** Addresses, links up and then routes of one namespace. */
/** @param cut interfaces whose cable is out, once everything stands */
export function roleBatch(topology: Topology, role: Role, cut: readonly string[] = []): string {
  const ends = endsOf(topology, role);
  const extra = topology.extraAddresses.filter((entry) => entry.role === role);
  return lines([
    "link set lo up",
    ...ends.flatMap(addresses),
    ...extra.flatMap((entry) => entry.addresses.map((address) => `address add ${address} dev lo`)),
    ...ends.map((end) => `link set ${end.interface} up`),
    ...topology.routes.filter((route) => route.role === role).map(routeLine),
    ...cut.map((name) => `link set ${name} down`),
  ]);
}

/** Every interface that a role has, the tunnel's last. */
export function endsOf({ links, tunnel }: Topology, role: Role): readonly LinkEnd[] {
  const tunnelEnds = tunnel === null ? [] : [tunnel.client, tunnel.gateway];
  return [...links.flatMap((link) => link.ends), ...tunnelEnds].filter((end) => end.role === role);
}

function addresses(end: LinkEnd): readonly string[] {
  // Duplicate address detection would keep an IPv6 address unusable for a second.
  return end.addresses.map(
    (address) =>
      `address add ${address} dev ${end.interface}${address.includes(":") ? " nodad" : ""}`,
  );
}

function routeLine({ prefix, via, interface: name, metric }: Route): string {
  const hop = via === null ? "" : ` via ${via}`;
  const cost = metric === 0 ? "" : ` metric ${metric}`;
  return `route add ${prefix}${hop} dev ${name}${cost}`;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}
