// The steps of the default attempt: each stage of it as what was tried, what came back, and what that shows.

import { stageOf } from "../../facts/connection/attempt.ts";
import { proxyName } from "../../facts/connection/proxy-state.ts";
import { tracedAddress, tracedLookup } from "../../facts/connection/subject.ts";
import { libcFinding } from "../../facts/dns/libc-lookup.ts";
import type { Facts } from "../../facts/facts.ts";
import type { Path } from "../../model/path.ts";
import type { DatagramAttempt } from "../../schema/events/datagram.ts";
import type { TcpResult, TcpStage } from "../../schema/events/tcp.ts";
import type { SegmentKind } from "../../schema/verdict.ts";
import type { Came, Say } from "./phrases.ts";
import { type StepData, step } from "./step.ts";

/** In the order in which one thing needs the other; a stage that was not tried has none. */
export function stageSteps(facts: Facts): readonly StepData[] {
  return [
    ...machineStep(facts),
    ...proxyStep(facts.path),
    ...resolveStep(facts),
    ...routeStep(facts),
    ...datagramStep(facts.path.datagram),
    ...(["connect", "tls", "http"] as const).flatMap((stage) => tcpStep(facts, stage)),
  ];
}

/** That this machine has an interface at all, with an address of its own. */
function machineStep({ path, lookup }: Facts): StepData[] {
  const { interfaces } = path;
  if (interfaces === null) return [];
  const device = lookup?.outcome.kind === "route" ? lookup.outcome.interface : null;
  const up = interfaces.interfaces.filter((one) => one.up && !one.loopback);
  const own = up.find(({ name }) => name === device) ?? up[0];
  const [address] = own?.addresses ?? [];
  if (own === undefined || address === undefined) return [];
  return [
    step("machine", "healthy", {
      segment: "linux-nic",
      tried: ({ machine }) => machine.tried,
      cameBack: (say) =>
        say.interfaceUp({ device: own.name, address: address.address, mtu: own.mtu }),
      proves: ({ machine }) => machine.proves,
      evidence: [interfaces.id],
    }),
  ];
}

/** Whom the attempt goes through, where programs take a proxy. */
function proxyStep({ proxy, requested }: Path): StepData[] {
  if (proxy === null || requested === null) return [];
  const { variable } = proxy;
  return [
    step("proxy", "context", {
      tried: (say) => say.proxyTried({ variable }),
      cameBack: (say) => say.proxyNamed({ proxy: proxyName(proxy) }),
      proves: (say) => say.proxyProves,
      evidence: [proxy.id],
    }),
  ];
}

function resolveStep({ dns, path }: Facts): StepData[] {
  if (dns.literal || dns.outcome === "not-asked") return [];
  const { configured, decidedBy } = dns;
  const name = path.run?.target.host ?? "";
  const servers = configured.map(({ server }) => server);
  const isLibcAlone = libcFinding(path)?.kind === "finds-nothing";
  const isFound = dns.outcome === "ok" && !isLibcAlone;
  const config = path.resolverConfig === null ? [] : [path.resolverConfig.id];
  const libc = isLibcAlone ? path.libcLookups.map(({ id }) => id) : [];
  const asked = configured.flatMap(({ evidence }) => evidence);
  const other =
    isFound || servers.includes(path.addresses?.server ?? "")
      ? null
      : (path.addresses?.server ?? null);
  return [
    step("resolve", isFound ? "healthy" : "failing", {
      segment: "resolver",
      tried: (say) => say.resolveTried({ name, servers }),
      cameBack: (say) =>
        [
          ...(isFound && decidedBy !== null
            ? [
                say.resolved({
                  server: decidedBy.server,
                  addresses: decidedBy.addresses,
                  ms: decidedBy.rttMs,
                }),
              ]
            : configured.map(({ server, reported }) =>
                say.serverSaid({ server, status: reported }),
              )),
          ...(configured.length === 0 ? [say.noServer] : []),
          ...(libc.length === 0 ? [] : [say.libcFindsNothing({ name })]),
          ...(other === null ? [] : [say.wentOnWith({ server: other })]),
        ].join(say.semicolon),
      proves: ({ resolveProves }) => (isFound ? resolveProves.ok : resolveProves.failed),
      evidence: [...asked, ...libc, ...(asked.length === 0 ? config : [])],
    }),
  ];
}

function routeStep({ path }: Facts): StepData[] {
  const lookup = tracedLookup(path) ?? resolverLookup(path);
  if (lookup === undefined || lookup.outcome.kind === "unknown") return [];
  const { address, outcome } = lookup;
  const isThere = outcome.kind === "route";
  return [
    step("route", isThere ? "healthy" : "failing", {
      segment: "linux-stack",
      tried: (say) => say.routeTried({ address }),
      cameBack: (say) =>
        outcome.kind === "route"
          ? say.routed({ ...outcome, device: outcome.interface, mtu: outcome.linkMtu })
          : say.noRoute({
              error: outcome.error,
              refused: (outcome.refusedBy ?? []).length > 0,
            }),
      proves: ({ routeProves }) => (isThere ? routeProves.ok : routeProves.failed),
      evidence: [lookup.id],
    }),
  ];
}

/** Where no name was resolved, the way to the name server is what was looked at. */
function resolverLookup({ resolverPath }: Path) {
  if (resolverPath === null) return undefined;
  const { id, server: address, route: outcome } = resolverPath;
  return { id, address, outcome };
}

function tcpStep({ attempt, path }: Facts, stage: TcpStage): StepData[] {
  const ended = stageOf(attempt, stage);
  const stalled = attempt?.stalls.find((stall) => stall.stage === stage);
  if (attempt === undefined) return [];
  if (ended === undefined) {
    if (stalled === undefined) return [];
    const came: Came = { kind: "no-reply", ms: stalled.sinceStartMs };
    return [attemptStep(path, stage, came, [attempt.id, stalled.id], tracedAddress(path) ?? "")];
  }
  const came = cameOf(ended.result, ended.ms);
  // A certificate that does not verify is told by its finding: the path carried it.
  return [attemptStep(path, stage, came, [ended.id], attempt.address)];
}

function attemptStep(
  path: Path,
  stage: TcpStage,
  came: Came,
  evidence: readonly string[],
  address: string,
): StepData {
  const ok = came.kind === "ok";
  const target = path.requested ?? path.run?.target;
  const port = path.run?.target.port ?? 0;
  const tried: Record<TcpStage, Say> = {
    connect: (say) => say.connectTried({ address, port }),
    tls: (say) => say.tlsTried({ name: target?.host ?? address }),
    http: (say) => say.httpTried({ scheme: target?.scheme ?? "https" }),
  };
  return step(stage, ok ? "healthy" : came.kind === "other-protocol" ? "context" : "failing", {
    segment: segmentOf(ok, path),
    tried: tried[stage],
    cameBack: (say) =>
      say.stageCame(
        came.kind === "ok" && stage === "connect" ? { ...came, detail: say.accepted } : came,
      ),
    proves: (say) => say.stageProves({ stage, ok }),
    evidence,
  });
}

/** A stage that works shows the far end; one that fails shows no place yet. */
function segmentOf(ok: boolean, { requested }: Path): SegmentKind | null {
  return ok && requested === null ? "destination" : null;
}

function cameOf(result: TcpResult, ms: number): Came {
  switch (result.kind) {
    case "ok":
      return { kind: "ok", detail: result.detail, ms };
    case "no-reply":
      return { kind: "no-reply", ms: result.waitedMs };
    case "failed":
      return result;
    case "other-protocol":
      return result;
  }
}

function datagramStep(datagram: (DatagramAttempt & { readonly id: string }) | null): StepData[] {
  if (datagram === null) return [];
  const { outcome, address, port, request, ms, id } = datagram;
  const came = datagramCame(outcome, ms);
  const ok = came.kind === "ok";
  return [
    step("connect", ok ? "healthy" : "failing", {
      segment: ok ? "destination" : null,
      tried: (say) => say.datagramTried({ address, port, request }),
      cameBack: (say) => say.stageCame(came),
      proves: (say) => say.stageProves({ stage: "datagram", ok }),
      evidence: [id],
    }),
  ];
}

function datagramCame(outcome: DatagramAttempt["outcome"], ms: number): Came {
  switch (outcome.kind) {
    case "reply":
      return { kind: "ok", detail: outcome.with, ms: outcome.rttMs };
    case "no-reply":
      return { kind: "no-reply", ms };
    case "unreachable":
      return {
        kind: "failed",
        code: `ICMP ${outcome.type}/${outcome.code}`,
        detail: outcome.from,
      };
    case "send-failed":
      return { kind: "failed", code: outcome.error, detail: "" };
    default:
      return { kind: "failed", code: `ICMP ${outcome.kind}`, detail: outcome.from };
  }
}
