// The report of what was read: the same Path as any other run's, of which nothing was probed.

import { proxyName } from "../facts/connection/proxy-state.ts";
import { relationOf } from "../facts/reach/path-host.ts";
import type { HostAdapter } from "../host/adapters.ts";
import { sourceStates } from "../host/source-list.ts";
import { NO_RUN, type Path } from "../model/path.ts";
import { fold } from "../model/reduce.ts";
import { ENV_SCHEMA, type EnvReport, envReport } from "../schema/env-report.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { HostSnapshot } from "../schema/host-snapshot.ts";
import type { Segment } from "../schema/verdict.ts";
import { diagnosisOf } from "./diagnosis.ts";
import { adapterRows, adaptersOf, hostPaths } from "./env-host.ts";
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
    adapters: adapterRows(path),
    ways: hostPaths(path),
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
