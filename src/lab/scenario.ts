// A lab scenario: a network, what is wrong in it, and the verdict that a trace must come to.

import type { Direction, SegmentKind, Verdict } from "../model/verdict.ts";
import type { Fault } from "./fault.ts";
import type { Role, Topology } from "./topology.ts";

/** A name server of the lab. */
export interface Resolver {
  readonly at: Role;
  readonly addresses: readonly string[];
  /** "silent" drops every query, over UDP and TCP, without a word. */
  readonly behaviour: "answer" | "refuse" | "silent";
}

/** Which name servers Windows knows, and from where. */
export interface WindowsNames {
  /** By the adapter's alias. */
  readonly adapterServers: Readonly<Record<string, readonly string[]>>;
  readonly nrpt: readonly { readonly namespace: string; readonly servers: readonly string[] }[];
}

export interface ServerOptions {
  /** "large": a certificate chain of about 4 kB; "tiny": one that fits a single segment. */
  readonly flight: "large" | "tiny";
  readonly bodyBytes: number;
}

/** What a report must say; null in inboundPmtu leaves that open. */
export interface Expected {
  readonly verdict: Verdict;
  /** The first finding that is no note; null when there must be none. */
  readonly cause: string | null;
  readonly segment: SegmentKind | null;
  readonly direction: Direction | null;
  readonly inboundPmtu: number | null;
  /** Causes that must be listed behind the first. */
  readonly alsoCauses: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What a user sees. */
  readonly sees: string;
  readonly topology: Topology;
  readonly faults: readonly Fault[];
  readonly resolvers: readonly Resolver[];
  /** Addresses by name; a name with addresses of one family only answers NODATA for the other. */
  readonly zone: Readonly<Record<string, readonly string[]>>;
  /** The name servers in the vantage's resolv.conf. */
  readonly resolvConf: readonly string[];
  readonly windowsNames: WindowsNames;
  readonly server: ServerOptions;
  /** Where the program under test runs. */
  readonly vantage: Role;
  /** What it traces. */
  readonly target: string;
  readonly expected: Expected;
}
