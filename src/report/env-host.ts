// Windows' adapters, and the path that it takes to the target, as a report of what was read shows them.

import { guestView } from "../facts/reach/path-host.ts";
import { type HostAdapter, hostAdapters } from "../host/adapters.ts";
import { type VpnOnPath, vpnOnPath } from "../host/vpn.ts";
import type { Path } from "../model/path.ts";
import { STAND_IN } from "../schema/constants.ts";
import type { EnvReport, HostPath } from "../schema/env-report.ts";

/** None without a snapshot. */
export function adaptersOf(path: Path): readonly HostAdapter[] {
  const snapshot = path.host?.snapshot ?? null;
  return snapshot === null ? [] : hostAdapters(snapshot, guestView(path));
}

/** The same as published. */
export function adapterRows(path: Path): EnvReport["host"]["adapters"] {
  return adaptersOf(path).map((adapter) => ({
    name: adapter.name,
    kind: adapter.kind,
    because: adapter.kindBecause,
    up: adapter.up,
    mtu: adapter.mtu,
    metric: adapter.metric,
    dnsServers: adapter.dnsServers,
    addresses: adapter.addresses.map(({ address }) => address),
  }));
}

/** Which path Windows takes for each family, to the target or to a stand-in; none without a snapshot. */
export function hostPaths(path: Path): readonly HostPath[] {
  const snapshot = path.host?.snapshot ?? null;
  if (snapshot === null) return [];
  const resolved = path.addresses?.addresses ?? [];
  return ([4, 6] as const).map((family) => {
    const given = resolved.find((one) => one.family === family)?.address;
    const address = given ?? STAND_IN[family];
    return hostPathOf(family, address, vpnOnPath(snapshot, address, guestView(path)));
  });
}

function hostPathOf(family: 4 | 6, address: string, on: VpnOnPath): HostPath {
  if (!on.known) {
    return {
      family,
      address,
      adapter: null,
      nextHop: null,
      prefix: null,
      metric: null,
      vpn: null,
      mtu: null,
      outerAdapter: null,
      because: [on.reason],
    };
  }
  const { adapter, route } = on;
  const known = {
    family,
    address,
    adapter: adapter.name,
    nextHop: route.nextHop,
    prefix: route.prefix,
    metric: route.effectiveMetric,
  };
  if (!on.inVpn) {
    const mtu = adapter.mtu[family];
    return { ...known, vpn: "none", mtu, outerAdapter: null, because: on.evidence };
  }
  const outer = on.outer.known ? on.outer.adapter.name : null;
  const why = on.outer.known ? on.outer.because : on.outer.reason;
  return {
    ...known,
    vpn: on.tunnel,
    mtu: on.limit.mtu,
    outerAdapter: outer,
    because: [...on.evidence, why],
  };
}
