// The report of what was read: the same Path as any other run's, of which nothing was probed.

import { proxyName } from "../facts/connection/proxy-state.ts";
import { guestView, relationOf } from "../facts/reach/path-host.ts";
import { type HostAdapter, hostAdapters } from "../host/adapters.ts";
import { sourceStates } from "../host/source-list.ts";
import { type VpnOnPath, vpnOnPath } from "../host/vpn.ts";
import { NO_RUN, type Path } from "../model/path.ts";
import { fold } from "../model/reduce.ts";
import { STAND_IN } from "../schema/constants.ts";
import { ENV_SCHEMA, type EnvReport, envReport, type HostPath } from "../schema/env-report.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { HostSnapshot } from "../schema/host-snapshot.ts";
import type { Segment } from "../schema/verdict.ts";
import { diagnosisOf } from "./diagnosis.ts";
import { settingsOf } from "./env-settings.ts";
import { ladderOf } from "./ladder.ts";

/** @throws Error when the events do not begin with run-started */
export function makeEnv(events: readonly ProbeEvent[]): EnvReport {
  const path = fold(events);
  const { run } = path;
  if (run === null) throw new Error(NO_RUN);
  const report: EnvReport = {
    schema: ENV_SCHEMA,
    version: run.version,
    startedAt: run.startedAt,
    vantage: path.vantage,
    ladder: ladderOf(path),
    interfaces: path.interfaces?.interfaces ?? [],
    routes: path.routes?.routes ?? [],
    resolver: path.resolverConfig,
    settings: settingsOf(path),
    proxies: proxiesOf(path),
    chain: chainOf(path),
    host: hostOf(path),
    unreadable: path.unreadable,
  };
  // Parsing drops what the schema does not name, as the ids of events.
  return envReport.parse(report);
}

function proxiesOf({ proxy, programProxies }: Path): EnvReport["proxies"] {
  const own = proxy === null ? null : { variable: proxy.variable, proxy: proxyName(proxy) };
  return { environment: own, programs: programProxies };
}

/** There is no target: the stand-in for it is no fact about this machine. */
function chainOf(path: Path): EnvReport["chain"] {
  const adapters = adaptersOf(path);
  return diagnosisOf(path)
    .chain.filter(({ kind }) => kind !== "destination")
    .map((segment) => {
      const adapter = adapters.find(({ name }) => name === segment.name);
      const { kind, name, address, mtu } = segment;
      const metric = adapter?.metric ?? null;
      return { kind, name, address, mtu, metric, source: sourceOf(segment, adapter) };
    });
}

const SOURCES: Readonly<Record<string, string>> = {
  resolver: "the resolver file",
  "linux-stack": "uname",
  "linux-nic": "the kernel's route and /sys/class/net",
};

function sourceOf(segment: Segment, adapter: HostAdapter | undefined): string {
  if (adapter !== undefined) return `the host's snapshot: ${adapter.kindBecause}`;
  const known = SOURCES[segment.kind];
  if (known !== undefined) return known;
  if (segment.kind === "vswitch") return "the distro's default route";
  return segment.address === null ? "WSL's networking mode" : "a route of this chain";
}

function adaptersOf(path: Path): readonly HostAdapter[] {
  const snapshot = path.host?.snapshot ?? null;
  return snapshot === null ? [] : hostAdapters(snapshot, guestView(path));
}

function hostOf(path: Path): EnvReport["host"] {
  const snapshot = path.host?.snapshot ?? null;
  const relation = relationOf(path);
  return {
    origin: path.host?.origin ?? "none",
    reason: path.host?.reason ?? null,
    collectedAt: snapshot?.collectedAt ?? null,
    relation:
      relation === null
        ? null
        : {
            kind: relation.kind,
            because: "because" in relation ? relation.because : relation.reason,
          },
    adapters: adaptersOf(path).map((adapter) => ({
      name: adapter.name,
      kind: adapter.kind,
      because: adapter.kindBecause,
      up: adapter.up,
      mtu: adapter.mtu,
      metric: adapter.metric,
      dnsServers: adapter.dnsServers,
      addresses: adapter.addresses.map(({ address }) => address),
    })),
    ways: snapshot === null ? [] : hostPathsOf(path, snapshot),
    missing: snapshot === null ? [] : missingOf(snapshot),
  };
}

function missingOf(snapshot: HostSnapshot): EnvReport["host"]["missing"] {
  return sourceStates(snapshot).flatMap((source) => {
    if (source.state === "read") return [];
    const reason = source.state === "unread" ? source.error : "not collected";
    return [{ source: source.name, reason }];
  });
}

function hostPathsOf(path: Path, snapshot: HostSnapshot): readonly HostPath[] {
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
