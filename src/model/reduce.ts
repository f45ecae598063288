// Folds events into a Path; they may come late, twice, or out of order.

import type { ProbeEvent } from "../schema/event.ts";
import type { TargetAddresses } from "../schema/events/dns-replies.ts";
import { parseHostSnapshot } from "../schema/host-snapshot.ts";
import { type Add, copied, createGrowing } from "./add.ts";
import { connectionsOf, reduceAttempts } from "./connections.ts";
import type { Probe } from "./hop.ts";
import { reduceKernel } from "./kernel.ts";
import { EMPTY_PATH, type HostEvidence, type Path } from "./path.ts";

/** The Path of all these events, whatever their order. */
export function fold(events: readonly ProbeEvent[]): Path {
  const once = new Map(events.map((event) => [event.id, event]));
  const ordered = [...once.values()].sort((a, b) => eventNumber(a.id) - eventNumber(b.id));
  const add = createGrowing();
  const folded = ordered.reduce((path, event) => withEvent(path, event, add), EMPTY_PATH);
  return { ...folded, connections: connectionsOf(folded.attempts) };
}

/** "e12" -> 12. */
export function eventNumber(id: string): number {
  return Number(id.slice(1));
}

/** The Path with one more event, which comes after all that it holds. */
export function reduce(path: Path, event: ProbeEvent): Path {
  const next = withEvent(path, event, copied);
  return next.attempts === path.attempts
    ? next
    : { ...next, connections: connectionsOf(next.attempts) };
}

/** But for the connections, which would be sorted anew for each event. */
function withEvent(path: Path, event: ProbeEvent, add: Add): Path {
  switch (event.kind) {
    case "run-started":
      return { ...path, run: event };
    case "run-ended":
      return { ...path, ended: event };
    case "inbound-service":
      return { ...path, service: event };
    case "inbound-attempt":
      return { ...path, serviceAttempts: add(path.serviceAttempts, event) };
    case "inbound-arrival":
      return { ...path, serviceArrivals: add(path.serviceArrivals, event) };
    case "inbound-count":
      return { ...path, serviceCount: event };
    case "program":
      return { ...path, program: event };
    case "program-connection":
      return { ...path, programConnections: [...path.programConnections, event] };
    case "vantage":
      return { ...path, vantage: event };
    case "rung":
      return { ...path, rungs: add(path.rungs, event) };
    case "packet-marks":
      return { ...path, marks: event };
    case "interfaces":
      return { ...path, interfaces: event };
    case "routes":
      return { ...path, routes: event };
    case "policy-rules":
      return { ...path, policyRules: event };
    case "multipath-routes":
      return { ...path, multipath: event };
    case "neighbour":
      return { ...path, neighbours: add(path.neighbours, event) };
    case "conntrack":
      return { ...path, conntrack: event };
    case "local-listener":
      return { ...path, localListener: event };
    case "local-port-range":
      return { ...path, localPorts: event };
    case "resolver-config":
      return { ...path, resolverConfig: event };
    case "unreadable":
      return { ...path, unreadable: add(path.unreadable, event) };
    case "host-snapshot":
      return { ...path, host: hostEvidence(event) };
    case "host-prober":
      return { ...path, hostProber: event };
    case "host-probe":
      return { ...path, hostProbes: add(path.hostProbes, event) };
    case "host-counters":
      return { ...path, hostCounters: event };
    case "control-probe":
      return { ...path, controls: add(path.controls, event) };
    case "dns-reply":
      return { ...path, dns: add(path.dns, event) };
    case "dns-check":
      return { ...path, dnsChecks: add(path.dnsChecks, event) };
    case "dns-race":
      return { ...path, dnsRaces: add(path.dnsRaces, event) };
    case "libc-lookup":
      return { ...path, libcLookups: add(path.libcLookups, event) };
    case "resolver-upstream":
      return { ...path, upstream: event };
    case "target-addresses":
      return {
        ...path,
        addresses: event,
        resolverPath: hasAnswered(event) ? null : path.resolverPath,
      };
    case "resolver-way":
      return hasAnswered(path.addresses) ? path : { ...path, resolverPath: event };
    case "route-lookup":
      return { ...path, lookups: add(path.lookups, event) };
    case "late-reply":
      return {
        ...path,
        probes: path.probes.map((probe) => answered(probe, event)),
        flowProbes: path.flowProbes.map((probe) => answered(probe, event)),
      };
    case "probe":
      return event.flow === 0
        ? { ...path, probes: add(path.probes, event) }
        : { ...path, flowProbes: add(path.flowProbes, event) };
    case "hop-name":
      return { ...path, hopNames: add(path.hopNames, event) };
    case "quic-probe":
      return { ...path, quic: add(path.quic, event) };
    case "ssh-settings":
      return withSsh(path, event);
    case "datagram-attempt":
      return { ...path, datagram: event };
    case "open-flow":
      return { ...path, openFlows: add(path.openFlows, event) };
    case "tcp-settings":
      return { ...path, tcpSettings: event };
    case "ecn-check":
      return { ...path, ecnChecks: add(path.ecnChecks, event) };
    case "silence-check":
      return { ...path, silenceCheck: event };
    case "upload":
      return { ...path, uploads: add(path.uploads, event) };
    case "transfer":
      return { ...path, transfers: add(path.transfers, event) };
    case "proxy-config":
      return withProxy(path, event);
    case "proxy-attempt":
      return { ...path, proxyAttempt: event };
    case "direct-attempt":
      return { ...path, directAttempt: event };
    case "proxy-answer":
      return { ...path, proxyAnswers: add(path.proxyAnswers, event) };
    case "program-proxy":
      return { ...path, programProxies: add(path.programProxies, event) };
    case "portal-check":
      return { ...path, captivePortalChecks: add(path.captivePortalChecks, event) };
    case "wildcard-check":
      return { ...path, wildcard: event };
    case "too-big-counted":
      return { ...path, packetTooBig: add(path.packetTooBig, event) };
    case "kernel-watch":
    case "kernel-drop":
    case "kernel-flow":
    case "kernel-probe":
    case "kernel-counters":
    case "kernel-watch-ended":
    case "counter-check":
      return { ...path, kernel: reduceKernel(path.kernel, event, add) };
    case "watched":
      return { ...path, watched: event };
    case "probe-skipped":
      return { ...path, skipped: add(path.skipped, event) };
    default:
      return { ...path, attempts: reduceAttempts(path.attempts, event, add) };
  }
}

type ProxyEvent = Extract<ProbeEvent, { kind: "proxy-config" }>;

/** From then on the run is about the path to the proxy, if programs take it. */
function withProxy(path: Path, event: ProxyEvent): Path {
  const { run } = path;
  if (run === null || event.through !== true) return { ...path, proxy: event };
  const requested = path.requested ?? run.target;
  const { host, port } = event;
  return {
    ...path,
    proxy: event,
    requested,
    run: { ...run, target: { ...requested, host, port } },
  };
}

/** ssh's own name for the host is no name of the network's. */
function withSsh(path: Path, event: Extract<ProbeEvent, { kind: "ssh-settings" }>): Path {
  const { run } = path;
  if (run === null) return { ...path, ssh: event };
  const { host, port } = event;
  return { ...path, ssh: event, run: { ...run, target: { ...run.target, host, port } } };
}

type LateReply = Extract<ProbeEvent, { kind: "late-reply" }>;

/** The probe with its late answer; an answer that came in time stays. */
function answered(probe: Probe, late: LateReply): Probe {
  const waits = probe.cookie === late.cookie && probe.outcome.kind === "no-reply";
  return waits ? { ...probe, outcome: late.outcome } : probe;
}

type HostEvent = Extract<ProbeEvent, { kind: "host-snapshot" }>;

function hostEvidence(event: HostEvent): HostEvidence {
  const { id, origin, reason } = event;
  const snapshot = event.snapshot === null ? null : parseHostSnapshot(event.snapshot);
  return { id, origin, reason, snapshot };
}

/** A server of the distro's own, late perhaps: nothing is wrong with the path to it that was followed meanwhile. */
function hasAnswered(addresses: TargetAddresses | null): boolean {
  return addresses !== null && addresses.basis === "resolv.conf";
}
