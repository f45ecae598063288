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
  // One Path that grows: a copy of all its fields for each of thousands of events is most of the work.
  const folded = { ...EMPTY_PATH };
  for (const event of ordered) Object.assign(folded, changesBy(event, folded, add));
  return { ...folded, connections: connectionsOf(folded.attempts) };
}

/**
 * The Path of a run that has ended: the same for the same list, so that what is computed from it once serves its report and
 * every face of it. A list that has grown is folded again.
 */
export function pathOf(events: readonly ProbeEvent[]): Path {
  const known = paths.get(events);
  if (known?.count === events.length) return known.path;
  const path = fold(events);
  paths.set(events, { count: events.length, path });
  return path;
}

const paths = new WeakMap<readonly ProbeEvent[], { readonly count: number; readonly path: Path }>();

/** "e12" -> 12. */
export function eventNumber(id: string): number {
  return Number(id.slice(1));
}

/** The Path with one more event, which comes after all that it holds. */
export function reduce(path: Path, event: ProbeEvent): Path {
  const next = { ...path, ...changesBy(event, path, copied) };
  return next.attempts === path.attempts
    ? next
    : { ...next, connections: connectionsOf(next.attempts) };
}

/** What of the Path is another then, but for the connections, which would be sorted anew for each event. */
function changesBy(event: ProbeEvent, path: Path, add: Add): Partial<Path> {
  switch (event.kind) {
    case "run-started":
      return { run: event };
    case "run-ended":
      return { ended: event };
    case "inbound-service":
      return { service: event };
    case "inbound-attempt":
      return { serviceAttempts: add(path.serviceAttempts, event) };
    case "inbound-arrival":
      return { serviceArrivals: add(path.serviceArrivals, event) };
    case "inbound-count":
      return { serviceCount: event };
    case "program":
      return { program: event };
    case "program-connection":
      return { programConnections: [...path.programConnections, event] };
    case "vantage":
      return { vantage: event };
    case "rung":
      return { rungs: add(path.rungs, event) };
    case "packet-marks":
      return { marks: event };
    case "interfaces":
      return { interfaces: event };
    case "routes":
      return { routes: event };
    case "policy-rules":
      return { policyRules: event };
    case "multipath-routes":
      return { multipath: event };
    case "neighbour":
      return { neighbours: add(path.neighbours, event) };
    case "conntrack":
      return { conntrack: event };
    case "local-listener":
      return { localListener: event };
    case "local-port-range":
      return { localPorts: event };
    case "resolver-config":
      return { resolverConfig: event };
    case "unreadable":
      return { unreadable: add(path.unreadable, event) };
    case "host-snapshot":
      return { host: hostEvidence(event) };
    case "host-prober":
      return { hostProber: event };
    case "host-probe":
      return { hostProbes: add(path.hostProbes, event) };
    case "host-counters":
      return { hostCounters: event };
    case "control-probe":
      return { controls: add(path.controls, event) };
    case "dns-reply":
      return { dns: add(path.dns, event) };
    case "dns-check":
      return { dnsChecks: add(path.dnsChecks, event) };
    case "dns-race":
      return { dnsRaces: add(path.dnsRaces, event) };
    case "libc-lookup":
      return { libcLookups: add(path.libcLookups, event) };
    case "resolver-upstream":
      return { upstream: event };
    case "target-addresses":
      return {
        addresses: event,
        resolverPath: hasAnswered(event) ? null : path.resolverPath,
      };
    case "resolver-way":
      return hasAnswered(path.addresses) ? {} : { resolverPath: event };
    case "route-lookup":
      return { lookups: add(path.lookups, event) };
    case "late-reply":
      return {
        probes: path.probes.map((probe) => answered(probe, event)),
        flowProbes: path.flowProbes.map((probe) => answered(probe, event)),
      };
    case "probe":
      return event.flow === 0
        ? { probes: add(path.probes, event) }
        : { flowProbes: add(path.flowProbes, event) };
    case "hop-name":
      return { hopNames: add(path.hopNames, event) };
    case "quic-probe":
      return { quic: add(path.quic, event) };
    case "ssh-settings":
      return withSsh(path, event);
    case "datagram-attempt":
      return { datagram: event };
    case "open-flow":
      return { openFlows: add(path.openFlows, event) };
    case "tcp-settings":
      return { tcpSettings: event };
    case "ecn-check":
      return { ecnChecks: add(path.ecnChecks, event) };
    case "silence-check":
      return { silenceCheck: event };
    case "upload":
      return { uploads: add(path.uploads, event) };
    case "transfer":
      return { transfers: add(path.transfers, event) };
    case "proxy-config":
      return withProxy(path, event);
    case "proxy-attempt":
      return { proxyAttempt: event };
    case "direct-attempt":
      return { directAttempt: event };
    case "proxy-answer":
      return { proxyAnswers: add(path.proxyAnswers, event) };
    case "program-proxy":
      return { programProxies: add(path.programProxies, event) };
    case "portal-check":
      return { captivePortalChecks: add(path.captivePortalChecks, event) };
    case "wildcard-check":
      return { wildcard: event };
    case "too-big-counted":
      return { packetTooBig: add(path.packetTooBig, event) };
    case "kernel-watch":
    case "kernel-drop":
    case "kernel-flow":
    case "kernel-probe":
    case "kernel-counters":
    case "kernel-watch-ended":
    case "counter-check":
      return { kernel: reduceKernel(path.kernel, event, add) };
    case "watched":
      return { watched: event };
    case "probe-skipped":
      return { skipped: add(path.skipped, event) };
    default:
      return { attempts: reduceAttempts(path.attempts, event, add) };
  }
}

type ProxyEvent = Extract<ProbeEvent, { kind: "proxy-config" }>;

/** From then on the run is about the path to the proxy, if programs take it. */
function withProxy(path: Path, event: ProxyEvent): Partial<Path> {
  const { run } = path;
  if (run === null || event.through !== true) return { proxy: event };
  const requested = path.requested ?? run.target;
  const { host, port } = event;
  return {
    proxy: event,
    requested,
    run: { ...run, target: { ...requested, host, port } },
  };
}

/** ssh's own name for the host is no name of the network's. */
function withSsh(path: Path, event: Extract<ProbeEvent, { kind: "ssh-settings" }>): Partial<Path> {
  const { run } = path;
  if (run === null) return { ssh: event };
  const { host, port } = event;
  return { ssh: event, run: { ...run, target: { ...run.target, host, port } } };
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
