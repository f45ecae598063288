// Everything that the events of one run add up to; plain data that a diagnosis reads.

import type { DatagramAttempt } from "../schema/events/datagram.ts";
import type { DnsCheck, DnsRace, LibcLookup, ResolverUpstream } from "../schema/events/dns.ts";
import type { DnsReply, ResolverPath, TargetAddresses } from "../schema/events/dns-replies.ts";
import type {
  Conntrack,
  GuestRoute,
  LocalListener,
  LocalPortRange,
  MultipathRoutes,
  Neighbour,
  NetworkInterface,
  PolicyRules,
  Privilege,
  ResolverConfig,
  RouteLookup,
  Vantage,
} from "../schema/events/guest.ts";
import type {
  ControlProbe,
  HostCounters,
  HostProbe,
  HostProberReport,
} from "../schema/events/host-probe.ts";
import type {
  InboundArrival,
  InboundAttempt,
  InboundCount,
  InboundService,
} from "../schema/events/inbound.ts";
import type { OpenFlow } from "../schema/events/open-flow.ts";
import type { HopName, PacketTooBigCounted } from "../schema/events/probe.ts";
import type { FollowedProgram, ProgramConnection } from "../schema/events/program.ts";
import type { PacketMarks, RunCommand, RunOptions, Target } from "../schema/events/run.ts";
import type { SshSettings } from "../schema/events/ssh.ts";
import type { EcnCheck, SilenceCheck, TcpSettings } from "../schema/events/tcp-check.ts";
import type { Transfer, Upload } from "../schema/events/transfer.ts";
import type { Watched } from "../schema/events/watch.ts";
import type {
  CaptivePortalCheck,
  DirectAttempt,
  ProgramProxy,
  ProxyAnswer,
  ProxyAttempt,
  ProxyConfig,
  QuicProbe,
  WildcardCheck,
} from "../schema/events/web.ts";
import type { HostSnapshot } from "../schema/host-snapshot.ts";
import { type Attempt, type Connections, connectionsOf } from "./connections.ts";
import type { Probe } from "./hop.ts";
import type { KernelEvidence } from "./kernel.ts";
import type { Seen } from "./seen.ts";

export interface HostEvidence {
  readonly id: string;
  readonly origin: "file" | "interop" | "none";
  readonly snapshot: HostSnapshot | null;
  readonly reason: string | null;
}

export interface Path {
  /** Its target is the proxy, where the default attempt goes through one: `requested` is then what the user named. */
  readonly run: {
    readonly version: string;
    readonly startedAt: string;
    readonly target: Target;
    readonly options: RunOptions;
    readonly command?: RunCommand | undefined;
  } | null;
  /** Null where the run's own target is what the user named. */
  readonly requested: Target | null;
  readonly ended: { readonly durationMs: number; readonly interrupted: string | null } | null;
  readonly vantage: Seen<Vantage> | null;
  readonly rungs: readonly Seen<Privilege>[];
  /** Null in recordings that are older. */
  readonly marks: Seen<PacketMarks> | null;
  /** Null when not read; empty when there are none. */
  readonly interfaces: Seen<{ readonly interfaces: readonly NetworkInterface[] }> | null;
  readonly routes: Seen<{ readonly routes: readonly GuestRoute[] }> | null;
  /** Null when not read. */
  readonly policyRules: Seen<PolicyRules> | null;
  /** Null where none has several next hops, or iproute2 is not here. */
  readonly multipath: Seen<MultipathRoutes> | null;
  /** Gateways from which nothing had come. */
  readonly neighbours: readonly Seen<Neighbour>[];
  readonly conntrack: Seen<Conntrack> | null;
  readonly localListener: Seen<LocalListener> | null;
  /** Null unless source ports were tried. */
  readonly localPorts: Seen<LocalPortRange> | null;
  readonly resolverConfig: Seen<ResolverConfig> | null;
  readonly unreadable: readonly Seen<{ readonly what: string; readonly reason: string }>[];
  readonly host: HostEvidence | null;
  /** What sends probes on the host: the last report; null when none was requested. */
  readonly hostProber: Seen<HostProberReport> | null;
  readonly hostProbes: readonly Seen<HostProbe>[];
  /** What pktmon counted there; null where it did not run. */
  readonly hostCounters: Seen<HostCounters> | null;
  /** To a router on the path, not to the target. */
  readonly controls: readonly Seen<ControlProbe>[];
  readonly dns: readonly Seen<DnsReply>[];
  readonly dnsChecks: readonly Seen<DnsCheck>[];
  readonly dnsRaces: readonly Seen<DnsRace>[];
  /** In the order of their rounds. */
  readonly libcLookups: readonly Seen<LibcLookup>[];
  /** Null where no local stub stands in resolv.conf. */
  readonly upstream: Seen<ResolverUpstream> | null;
  readonly addresses: Seen<TargetAddresses> | null;
  /** Null unless no name server answered. */
  readonly resolverPath: Seen<ResolverPath> | null;
  readonly lookups: readonly Seen<RouteLookup>[];
  readonly attempts: readonly Attempt[];
  readonly connections: Connections;
  readonly quic: readonly Seen<QuicProbe>[];
  /** Null unless the target takes datagrams. */
  readonly datagram: Seen<DatagramAttempt> | null;
  readonly transfers: readonly Seen<Transfer>[];
  readonly uploads: readonly Seen<Upload>[];
  /** Null where the run did not read them. */
  readonly tcpSettings: Seen<TcpSettings> | null;
  readonly ecnChecks: readonly Seen<EcnCheck>[];
  readonly silenceCheck: Seen<SilenceCheck> | null;
  /** Null where ssh's own settings make nothing else of the target, or are not for it. */
  readonly ssh: Seen<SshSettings> | null;
  readonly openFlows: readonly Seen<OpenFlow>[];
  /** Null where the environment names no proxy. */
  readonly proxy: Seen<ProxyConfig> | null;
  readonly proxyAttempt: Seen<ProxyAttempt> | null;
  /** Null unless the default attempt goes through a proxy. */
  readonly directAttempt: Seen<DirectAttempt> | null;
  readonly proxyAnswers: readonly Seen<ProxyAnswer>[];
  /** In the order in which their programs read them. */
  readonly programProxies: readonly Seen<ProgramProxy>[];
  readonly captivePortalChecks: readonly Seen<CaptivePortalCheck>[];
  /** Null unless somebody else than the target may answer for it. */
  readonly wildcard: Seen<WildcardCheck> | null;
  readonly probes: readonly Probe[];
  /** Of flows beside the run's own. */
  readonly flowProbes: readonly Probe[];
  readonly hopNames: readonly Seen<HopName>[];
  readonly packetTooBig: readonly Seen<PacketTooBigCounted>[];
  readonly kernel: KernelEvidence;
  readonly skipped: readonly Seen<{ readonly probe: string; readonly reason: string }>[];
  /** Null unless the run went on after its verdict. */
  readonly watched: Seen<Watched> | null;
  /** Null where no program was followed. */
  readonly program: Seen<FollowedProgram> | null;
  readonly programConnections: readonly Seen<ProgramConnection>[];
  /** Null unless the run is about a service of the distro. */
  readonly service: Seen<InboundService> | null;
  readonly serviceAttempts: readonly Seen<InboundAttempt>[];
  readonly serviceArrivals: readonly Seen<InboundArrival>[];
  readonly serviceCount: Seen<InboundCount> | null;
}

export const EMPTY_PATH: Path = {
  run: null,
  requested: null,
  ended: null,
  vantage: null,
  rungs: [],
  marks: null,
  interfaces: null,
  routes: null,
  policyRules: null,
  multipath: null,
  neighbours: [],
  conntrack: null,
  localListener: null,
  localPorts: null,
  resolverConfig: null,
  unreadable: [],
  host: null,
  hostProber: null,
  hostProbes: [],
  hostCounters: null,
  controls: [],
  dns: [],
  dnsChecks: [],
  dnsRaces: [],
  libcLookups: [],
  upstream: null,
  addresses: null,
  resolverPath: null,
  lookups: [],
  attempts: [],
  connections: connectionsOf([]),
  quic: [],
  datagram: null,
  transfers: [],
  uploads: [],
  tcpSettings: null,
  ecnChecks: [],
  silenceCheck: null,
  ssh: null,
  openFlows: [],
  proxy: null,
  proxyAttempt: null,
  directAttempt: null,
  proxyAnswers: [],
  programProxies: [],
  captivePortalChecks: [],
  wildcard: null,
  probes: [],
  flowProbes: [],
  hopNames: [],
  packetTooBig: [],
  kernel: {
    watch: null,
    drops: [],
    flows: [],
    probes: [],
    counters: null,
    ended: null,
    check: null,
  },
  skipped: [],
  watched: null,
  program: null,
  programConnections: [],
  service: null,
  serviceAttempts: [],
  serviceArrivals: [],
  serviceCount: null,
};

/** What a recording without its beginning is refused with. */
export const NO_RUN = "a run begins with run-started";
