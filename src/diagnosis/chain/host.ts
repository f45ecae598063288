// The segments of the Windows host and of the first router behind it, as far as anything names them.

import { tracedLookup } from "../../facts/connection/subject.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Hops } from "../../facts/reach/hops.ts";
import { guestView } from "../../facts/reach/path-host.ts";
import type { HostAdapter } from "../../host/adapters.ts";
import { hostAdapters } from "../../host/adapters.ts";
import { sameAdapter } from "../../host/routes.ts";
import { vpnLimit } from "../../host/vpn.ts";
import type { Segment } from "../../schema/verdict.ts";
import { isBehindHost } from "./kinds.ts";
import { blank } from "./segment.ts";

/** Empty on plain Linux but for the gateway; without a snapshot a WSL host is named and not known. */
export function hostSegments(facts: Facts, hops: Hops): readonly Segment[] {
  if (facts.distroTunnel !== null) return farEnd(facts, hops);
  const behind = isBehindHost(facts) ? guestSide(facts, hops) : [];
  const sameHost = facts.relation?.kind === "same-host" ? [windowsStack(facts, hops)] : [];
  return [...behind, ...sameHost, ...outerSide(facts, hops)];
}

/** Of a tunnel of the distro's own; a peer that is the target itself has no router before it. */
function farEnd(facts: Facts, hops: Hops): readonly Segment[] {
  if (hops.target?.ttl === 1) return [];
  const hop = hops.routers.find(({ ttl }) => ttl === 1);
  return [routerAt("vpn-gateway", hop, gatewayOf(facts))];
}

function gatewayOf({ path }: Facts): string | null {
  const lookup = tracedLookup(path);
  return lookup?.outcome.kind === "route" ? lookup.outcome.gateway : null;
}

/** vEthernet, Windows' stack and the NAT: one router to a TTL probe. */
function guestSide(facts: Facts, hops: Hops): readonly Segment[] {
  const first = hops.routers[0];
  const seen = {
    ttl: first === undefined ? null : 1,
    rttMs: first?.rttMs ?? null,
    evidence: first?.from ? first.evidence : [],
  };
  const adapter = switchAdapter(facts);
  const family = facts.attempt?.family ?? 4;
  const name = adapter?.name ?? "vEthernet";
  const address = gatewayOf(facts);
  const mtu = adapter === undefined ? null : vpnLimit(adapter, family).mtu;
  return [
    blank("vswitch", name, { address, mtu, inferred: first?.from == null, ...seen }),
    windowsStack(facts, hops),
    blank("nat", "NAT", { inferred: true }),
  ];
}

function windowsStack(facts: Facts, hops: Hops): Segment {
  const first = isBehindHost(facts) ? hops.routers[0] : undefined;
  return blank("windows-stack", "Windows", {
    inferred: true,
    evidence: first?.from ? first.evidence : [],
  });
}

function switchAdapter(facts: Facts): HostAdapter | undefined {
  const snapshot = facts.path.host?.snapshot ?? null;
  if (snapshot === null || facts.relation?.kind !== "nat") return undefined;
  const { adapter } = facts.relation;
  return hostAdapters(snapshot, guestView(facts.path)).find((one) => sameAdapter(one, adapter));
}

/** From the host's outgoing adapter to its first router; on plain Linux only the gateway of the route. */
function outerSide(facts: Facts, hops: Hops): readonly Segment[] {
  const { vpn } = facts;
  const firstTtl = isBehindHost(facts) ? 2 : 1;
  const hop = hops.routers.find(({ ttl }) => ttl === firstTtl);
  if (vpn === null || !vpn.known || !isRelated(facts)) {
    const isGuest = isBehindHost(facts) || facts.relation?.kind === "same-host";
    const gateway = isGuest ? null : gatewayOf(facts);
    return gateway === null ? [] : [routerAt("lan-gateway", hop, gateway)];
  }
  if (vpn.inVpn) return tunnelSide(facts, vpn, hop);
  const nic = adapterSegment(facts, "physical-nic", vpn.adapter);
  const { nextHop } = vpn.route;
  return nextHop === null ? [nic] : [nic, routerAt("lan-gateway", hop, nextHop)];
}

type InVpn = Extract<Facts["vpn"], { readonly inVpn: true }>;

/** The adapter, what carries the tunnel's own packets, and the far end. */
function tunnelSide(
  facts: Facts,
  { adapter, outer }: InVpn,
  hop: Hops["routers"][number] | undefined,
): readonly Segment[] {
  const tunnel = adapterSegment(facts, "vpn-adapter", adapter);
  if (!outer.known) return [tunnel, routerAt("vpn-gateway", hop, null)];
  const carrier = findAdapter(facts, outer.adapter);
  const lan = outer.nextHop;
  return [
    tunnel,
    ...(carrier === undefined ? [] : [adapterSegment(facts, "physical-nic", carrier)]),
    ...(lan === null ? [] : [blank("lan-gateway", lan, { address: lan, inferred: true })]),
    routerAt("vpn-gateway", hop, outer.serverAddress),
  ];
}

function adapterSegment(
  facts: Facts,
  kind: "vpn-adapter" | "physical-nic",
  adapter: HostAdapter,
): Segment {
  const family = facts.attempt?.family ?? 4;
  return blank(kind, adapter.name, {
    address: adapter.addresses.find((own) => own.family === family)?.address ?? null,
    mtu: vpnLimit(adapter, family).mtu,
    inferred: true,
    evidence: facts.path.host === null ? [] : [facts.path.host.id],
  });
}

function isRelated({ relation }: Facts): boolean {
  return relation?.kind === "nat" || relation?.kind === "same-host";
}

function findAdapter(facts: Facts, ref: { name: string; ifIndex: number | null }) {
  const snapshot = facts.path.host?.snapshot ?? null;
  if (snapshot === null) return undefined;
  return hostAdapters(snapshot, guestView(facts.path)).find((one) => sameAdapter(one, ref));
}

/** A router that may have answered at its TTL; else it is only inferred from what names it. */
function routerAt(
  kind: "lan-gateway" | "vpn-gateway",
  hop: Hops["routers"][number] | undefined,
  named: string | null,
): Segment {
  if (hop?.from != null) {
    const { from, ttl, rttMs, evidence } = hop;
    return blank(kind, hop.name ?? from, { address: from, ttl, rttMs, evidence });
  }
  return blank(kind, named ?? "no reply", { address: named, inferred: true });
}
