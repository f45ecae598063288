// The probes of a run, put together from the machine that they run on.

import { homedir } from "node:os";
import type { Clock } from "../src/clock.ts";
import type { ProxyEnvironment } from "../src/facts/connection/proxy.ts";
import { defaultAttempt, isConnected } from "../src/facts/connection/subject.ts";
import { hostServers, mtuCandidates } from "../src/facts/reach/path-host.ts";
import { inboundFacts } from "../src/facts/size/inbound.ts";
import type { Path } from "../src/model/path.ts";
import type { Probes } from "../src/probe.ts";
import type { Engine, MarkChoice } from "../src/schema/events/run.ts";
import { createResolveProbe } from "./dns/resolve.ts";
import { askHopNames } from "./hops/hop-names.ts";
import { createIcmpLaterProbe } from "./hops/icmp-later.ts";
import {
  createCandidateSizesProbe,
  createHopSizesProbe,
  createLossProbe,
  createUdpFlowsProbe,
} from "./hops/outbound-path.ts";
import { createResolverPathProbe } from "./hops/resolver-path.ts";
import { createSourcePortsProbe } from "./hops/source-ports.ts";
import { createSynHopsProbe } from "./hops/syn-hops.ts";
import { createTcpFlowsProbe } from "./hops/tcp-flows.ts";
import { createUdpProbe } from "./hops/udp-path.ts";
import { checkUnassignedAddress } from "./hops/unassigned-address.ts";
import { createInboundProbe } from "./inbound/inbound.ts";
import { checkCounters } from "./kernel/counter-check.ts";
import { watchKernel } from "./kernel/watch.ts";
import { createGuestProbe } from "./linux/guest.ts";
import { createLinksProbe } from "./linux/links.ts";
import { createSshSettingsProbe } from "./linux/ssh-settings.ts";
import { boundTo } from "./native/bound-libc.ts";
import { chooseEngine } from "./native/choose-engine.ts";
import { fragmentSockets } from "./native/engine.ts";
import type { Libc } from "./native/libc.ts";
import { chooseMarks, markedBy } from "./native/mark.ts";
import type { OutboundDeps } from "./native/outbound-sockets.ts";
import { kernelRoute } from "./native/route-socket.ts";
import { socketsOf } from "./native/streams.ts";
import { cookieOf, markNumber } from "./packet/cookie.ts";
import { createFragmentsProbe } from "./pmtu/fragments.ts";
import { createOutboundTcpProbe } from "./pmtu/outbound-tcp.ts";
import { createSizeFlowsProbe } from "./pmtu/size-flows.ts";
import { createWholeEchoProbe } from "./pmtu/whole-echo.ts";
import { nftRulesOf, openLibcOrNone } from "./privileged/open.ts";
import { createProxyChoiceProbe } from "./proxy/choose.ts";
import { createProgramSettingsProbe } from "./proxy/program-settings.ts";
import { createProxyProbe } from "./proxy/proxy.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createControlsProbe } from "./stages/controls.ts";
import { createDatagramProbe } from "./stages/datagrams.ts";
import { createEcnProbe } from "./stages/ecn-check.ts";
import { createLongAnswerProbe } from "./stages/long-answer.ts";
import { createOpenFlowProbe } from "./stages/open-flow.ts";
import { createRouteProbe } from "./stages/route.ts";
import { createSilenceProbe } from "./stages/silence-check.ts";
import { runTcpStages, type TcpDeps } from "./stages/tcp-stages.ts";
import { createTransfersProbe } from "./stages/transfers.ts";
import type { System } from "./system.ts";
import { createSegmentLossProbe } from "./tcp/segment-loss.ts";
import type { TlsContexts } from "./tcp/trust.ts";
import { createAskHost, type WindowsAccess } from "./windows/ask-host.ts";
import { findHostProber } from "./windows/host-prober.ts";
import { type FindProber, startHostProbes } from "./windows/host-probes.ts";
import { createHostProbe, type SnapshotSource } from "./windows/host-snapshot.ts";
import { TIMEOUT_MS } from "./windows/powershell.ts";
import { createRunBounded } from "./windows/run-bounded.ts";
import { readHelper } from "./windows/script-file.ts";

export interface ProbesInput {
  readonly system: System;
  readonly clock: Clock;
  readonly tls: TlsContexts;
  readonly snapshotSource: SnapshotSource;
  /** The parsed JSON of a snapshot file. */
  readonly snapshot: unknown;
  /** For asking Windows itself. */
  readonly windows: WindowsAccess;
  /** 16 bits that mark this run's probes. */
  readonly session: number;
  /** Counts probes and connections: a mark is that of one of them, over all runs of this process. */
  nextMark(): number;
  /** Other targets are traced at the same time: what only the whole machine has is read for none of them. */
  readonly isShared: boolean;
  readonly userAgent: string;
  /** False: no eBPF program is loaded. */
  readonly ebpf: boolean;
  /** Kernel drops in other network namespaces are reported too. */
  readonly allNetns: boolean;
  /** The interface that everything but DNS queries is sent from; the routes' choice when absent. */
  readonly device?: string;
  /** SO_MARK; the tool's own when absent, where this process may set it. */
  readonly mark?: MarkChoice;
  /** What sends single-packet probes; koffi's when absent. */
  readonly engine?: Engine;
  /** The variables that name proxies; none when absent. */
  readonly proxies?: ProxyEnvironment;
  /** Sees the system calls by which sockets are opened. */
  readonly observe?: (libc: Libc) => Libc;
  /** Interface index of the zone in "fe80::1%eth0", 0 without one. */
  zoneIndex(address: string): number;
}

/**
 * @throws TraceError where the engine that was asked for cannot run
 */
export async function createProbes(input: ProbesInput): Promise<Probes> {
  const { system, zoneIndex } = input;
  const real = await openLibcOrNone();
  const plain = input.observe?.(real) ?? real;
  const { markOf, ...marking } = chooseMarks(plain, input.mark, nftRulesOf(plain));
  const unbound = markedBy(plain, markOf);
  const libc = boundTo(unbound, input.device);
  const marks = new Set<number>();
  const nextCookie = () => {
    const cookie = cookieOf(input.session, input.nextMark());
    marks.add(markNumber(cookie));
    return cookie;
  };
  const isOwnMark = (mark: number) => marks.has(markNumber(mark));
  let attempts = 0;
  const proxies = input.proxies ?? {};
  const guest = createGuestProbe(system, input.ebpf);
  const programSettings = createProgramSettingsProbe(system, homedir());
  const sockets = socketsOf(libc, zoneIndex);
  // Queries follow the routes, whatever --interface says.
  const nameSockets = socketsOf(unbound, zoneIndex);
  const tcp: TcpDeps = {
    proxies,
    sockets,
    connectNames: nameSockets.datagram,
    libc,
    tls: input.tls,
    userAgent: input.userAgent,
    zoneIndex,
    candidates: candidatesOf,
    nextAttempt: () => {
      attempts += 1;
      return { name: `t${attempts}`, mark: markOf(nextCookie()) };
    },
  };
  const runStartMs = input.clock.now();
  const engine = await chooseEngine(input.engine ?? "koffi", {
    libc,
    session: input.session,
    now: () => input.clock.now(),
    device: input.device,
    markOf,
  });
  const outbound: OutboundDeps = {
    engine,
    system,
    zoneIndex,
    candidates: candidatesOf,
    nextCookie,
    markOf,
    runStartMs,
    rateLimit: createRateLimit(),
    isShared: input.isShared,
  };
  // The tool's own marks are left out where a rule looks at them.
  const mark = marking.reported.numbered ? undefined : markOf(0);
  const marked = marking.reported.numbered;
  const routing = { libc, system, zoneIndex, device: input.device, mark };
  const udpFlows = createUdpFlowsProbe(outbound);
  const hopSizes = createHopSizesProbe(outbound);
  const fragmented = fragmentSockets(libc, input.session, markOf);
  const fragments = createFragmentsProbe(outbound, fragmented);
  const udp = createUdpProbe(outbound);
  const links = createLinksProbe(system);
  const datagrams = createDatagramProbe(outbound, sockets.datagram);
  const synHops = createSynHopsProbe(outbound);
  const tcpFlows = createTcpFlowsProbe(outbound);
  const sourcePorts = createSourcePortsProbe({ ...outbound, libc });
  const proxy = createProxyProbe({
    system,
    connect: sockets.datagram,
    connectStream: sockets.stream,
    userAgent: input.userAgent,
    secureContext: input.tls.plain,
  });
  const sshSettings = createSshSettingsProbe(createRunBounded(input.clock));
  const proxyChoice = createProxyChoiceProbe({
    system,
    connect: nameSockets.datagram,
    environment: proxies,
  });
  return {
    links: (context) => {
      context.emit({ kind: "packet-marks", ...marking.reported });
      return links(context);
    },
    "proxy-choice": async (context) => {
      await sshSettings(context);
      await proxyChoice(context);
    },
    guest: async (context) => {
      context.emit({ kind: "rung", ...marking.rung });
      await Promise.all([programSettings(context), guest(context)]);
    },
    hostProbes: (context) => startHostProbes({ find: findProber(input), runStartMs }, context),
    host: createHostProbe(input.snapshotSource, input.snapshot, createAskHost(input)),
    resolve: createResolveProbe({
      system,
      sockets: nameSockets,
      sourceFor: (address, family) => {
        const route = kernelRoute(libc, family, address, zoneIndex(address));
        return route.kind === "route" ? route.source : null;
      },
      hostServers,
    }),
    "resolver-path": createResolverPathProbe({ ...outbound, libc }),
    kernel: (context) =>
      watchKernel({ libc: unbound, runStartMs, marked, isOwnMark, ...input }, context),
    route: (when) => createRouteProbe(routing, when),
    trust: async () => {
      input.tls.verifying();
    },
    tcp: (context, pathFollowed) => runTcpStages(tcp, context, pathFollowed),
    proxy,
    udp: async (context, clear) => {
      await udp(context, clear);
      await datagrams(context);
      await checkUnassignedAddress(outbound, context);
    },
    hopNames: (context) => askHopNames(context, nameSockets.datagram),
    controls: createControlsProbe(outbound),
    "counter-check": (context) => checkCounters({ libc, system, zoneIndex }, context),
    flows: async (context, pathFollowed) => {
      // A router's few errors about a refused connection are for the probe that names it.
      if (!isConnected(context.path())) await pathFollowed;
      await tcpFlows(context);
      await pathFollowed;
      await sourcePorts(context);
      await udpFlows(context);
    },
    "outbound-tcp": createOutboundTcpProbe(tcp),
    "candidate-sizes": createCandidateSizesProbe(outbound),
    "hop-sizes": async (context) => {
      await hopSizes(context);
      await synHops(context);
      await fragments(context);
      await checkUnassignedAddress(outbound, context);
    },
    "whole-echo": createWholeEchoProbe(outbound, fragmented),
    "icmp-later": createIcmpLaterProbe(outbound),
    "long-answer": createLongAnswerProbe(tcp),
    sizeFlows: createSizeFlowsProbe(tcp),
    transfer: createTransfersProbe(tcp),
    loss: createLossProbe(outbound, createOpenFlowProbe(tcp)),
    "segment-loss": createSegmentLossProbe(tcp),
    ecn: createEcnProbe(tcp),
    silence: createSilenceProbe(tcp),
    inbound: createInboundProbe(system),
  };
}

/** Whoever asks for no evidence of Windows gets none; a saved snapshot may still have its host at hand. */
function findProber({ system, clock, windows, snapshotSource }: ProbesInput): FindProber | null {
  if (snapshotSource.kind === "none") return null;
  const deps = { system, clock, run: createRunBounded(clock), readScript: readHelper, ...windows };
  // The snapshot is waited for as long anyway: a slow start costs nothing more.
  const slow = snapshotSource.kind === "auto" ? { startLimitMs: TIMEOUT_MS } : {};
  return (signal) => findHostProber({ ...deps, ...slow }, signal);
}

/** Sizes that something names as a limit: what was measured inbound, then what the host's snapshot names. */
function candidatesOf(path: Path): readonly number[] {
  const attempt = defaultAttempt(path);
  const first = path.addresses?.addresses[0];
  const address = attempt?.address ?? first?.address;
  const family = attempt?.family ?? first?.family;
  if (address === undefined || family === undefined) return [];
  const measured = inboundFacts(path).estimate.bytes;
  const candidates = mtuCandidates(path, address, family);
  return measured === null
    ? candidates
    : [measured, ...candidates.filter((mtu) => mtu !== measured)];
}
