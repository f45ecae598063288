// Everything that a trace says, as one interface: a language is one object of it.

import type { PmtuEstimate, SegmentKind } from "../../schema/verdict.ts";

export interface QueryGroup {
  readonly names: readonly string[];
  readonly servers: readonly string[];
  readonly count: number;
  readonly answered: number;
  readonly silent: number;
  readonly refused: number;
  /** Other failures: errors of DNS, or no way to the server. */
  readonly failed: number;
}

export interface ConnectionGroup {
  readonly count: number;
  readonly finished: number;
  readonly silent: number;
  readonly failed: number;
  /** Each kind of failure once. */
  readonly failures: readonly string[];
  /** MSS of the smallest and of the largest; null where none was chosen. */
  readonly mss: readonly [number, number] | null;
}

export interface ProbeGroup {
  readonly count: number;
  readonly protocols: readonly string[];
  readonly answered: number;
  readonly silent: number;
  /** "ICMP type 3 code 13 from 10.0.0.1". */
  readonly errors: readonly string[];
  /** Bytes of the smallest and of the largest packet. */
  readonly sizes: readonly [number, number];
}

export interface CountGroup {
  readonly count: number;
  readonly good: number;
  readonly details: readonly string[];
}

/** Settings and state that were read, by what they are. */
export type ReadThing =
  | "snapshot"
  | "routes"
  | "rules"
  | "route"
  | "resolver-file"
  | "vantage"
  | "interfaces"
  | "neighbour"
  | "other"
  | "conntrack"
  | "listener"
  | "proxy-settings"
  | "counters";

export interface ReadGroup {
  readonly things: readonly ReadThing[];
  /** What stands there, where it fits a line. */
  readonly details: readonly string[];
}

export type Whom =
  /** Of this machine. */
  | "user"
  | "windows"
  | "link"
  /** Others, who need the report. */
  | "resolver"
  | "domain"
  | "vpn"
  | "lan"
  | "provider"
  | "server"
  | "far-end"
  | "proxy"
  | "filter"
  | "path"
  /** Nothing that was seen says why. */
  | "open";

/** Who or what came back from a stage of the attempt. */
export type Came =
  | { readonly kind: "ok"; readonly detail: string; readonly ms: number }
  | { readonly kind: "no-reply"; readonly ms: number }
  | { readonly kind: "failed"; readonly code: string; readonly detail: string }
  | { readonly kind: "other-protocol"; readonly detail: string };

export interface TracePhrases {
  /** Between two parts of a sentence. */
  readonly semicolon: string;
  /** Of a step in which the cause lies, though something came back. */
  readonly thereButWrong: string;
  readonly machine: { readonly tried: string; readonly proves: string };
  interfaceUp(values: { device: string; address: string; mtu: number }): string;
  proxyTried(values: { variable: string }): string;
  proxyNamed(values: { proxy: string }): string;
  readonly proxyProves: string;

  resolveTried(values: { name: string; servers: readonly string[] }): string;
  resolved(values: { server: string; addresses: readonly string[]; ms: number | null }): string;
  /** `addresses` of an answer, else null. */
  serverSaid(values: { server: string; status: string }): string;
  readonly noServer: string;
  readonly resolveProves: { readonly ok: string; readonly failed: string };
  libcFindsNothing(values: { name: string }): string;
  wentOnWith(values: { server: string }): string;

  routeTried(values: { address: string }): string;
  routed(values: { gateway: string | null; device: string; source: string; mtu: number }): string;
  noRoute(values: { error: string; refused: boolean }): string;
  readonly routeProves: { readonly ok: string; readonly failed: string };

  hopsTried(values: { address: string; largestTtl: number }): string;
  hopsCame(values: { routers: readonly string[]; target: number | null }): string;
  hopsProve(values: { ttl: number; from: string; atTarget: boolean }): string;
  reachTried(values: { address: string; count: number }): string;
  readonly reachSilent: string;
  readonly reachFailsProves: string;

  connectTried(values: { address: string; port: number }): string;
  tlsTried(values: { name: string }): string;
  httpTried(values: { scheme: string }): string;
  datagramTried(values: { address: string; port: number | null; request: string | null }): string;
  stageCame(came: Came): string;
  readonly accepted: string;
  stageProves(values: { stage: "connect" | "datagram" | "tls" | "http"; ok: boolean }): string;

  sizeTried(values: { outbound: boolean; largest: number }): string;
  sizeCame(values: { outbound: boolean; estimate: PmtuEstimate; largest: number | null }): string;
  sizeProves(values: { outbound: boolean; how: "full" | "told" | "silent" }): string;

  lossTried(values: { sent: number }): string;
  lossCame(values: { sent: number; lost: number }): string;
  lossProves(values: { how: "none" | "much" | "some" }): string;

  kernelTried(values: { watched: boolean }): string;
  kernelFlow(values: { device: string | null; sent: number; received: number }): string;
  kernelDropped(values: { drop: string; count: number }): string;
  kernelProves(values: { dropped: boolean; sent: boolean; received: boolean }): string;

  readonly windowsTried: string;
  windowsSaw(values: { what: WindowsView; state: "yes" | "no"; reason: string }): string;
  /** @param smaller why Windows gets what the distro does not; null where that is not known */
  windowsProves(values: { reaches: boolean | null; smaller: SmallerLink | null }): string;

  queries: Group<QueryGroup>;
  connections: Group<ConnectionGroup>;
  probes: Group<ProbeGroup>;
  hostProbes: Group<CountGroup>;
  requests: Group<CountGroup>;
  transfers: Group<CountGroup>;
  drops: Group<CountGroup>;
  read: Group<ReadGroup>;
  /** Where what was read is told by what it proves. */
  readonly seeProof: string;

  readonly conclusionTried: string;
  conclusionCame(values: { causes: readonly string[]; open: boolean }): string;
  concluded(values: {
    title: string;
    place: string;
    towards: string | null;
    confidence: number;
  }): string;
  readonly noFault: string;
  readonly open: string;
  place(values: {
    segment: SegmentKind | null;
    between: readonly [SegmentKind, SegmentKind] | null;
    name: string | null;
  }): string;
  atProxy(values: { proxy: string }): string;
  direction(values: { direction: "inbound" | "outbound" | "both" }): string;
  mendedBy(values: { whom: Whom; cause: string }): string;
  afterwards(values: { stage: string | null }): string;
  verdictNow(values: { verdict: string; cause: string | null }): string;
}

/** The adapter by which Windows' own connections leave, and the MTU that the distro's begin with. */
export interface SmallerLink {
  readonly adapter: string;
  readonly mtu: number;
  readonly device: string;
  readonly deviceMtu: number;
}

export type WindowsView = "target" | "tls" | "name" | "firstRouter" | "endpoint" | "tunnel";

/** What was sent or read together, and what became of it. */
export interface Group<Values> {
  readonly tried: (values: Values) => string;
  readonly came: (values: Values) => string;
}

/** A sentence in whatever language it is asked for. */
export type Say = (phrases: TracePhrases) => string;
