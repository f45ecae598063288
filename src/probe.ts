// The port between the use case and what touches the network: src/trace.ts knows only this.

import type { Clock } from "./clock.ts";
import type { Path } from "./model/path.ts";
import type { ProbeStep } from "./plan-steps.ts";
import type { EventBody, ProbeEvent } from "./schema/event.ts";
import type { Family } from "./schema/events/common.ts";

/** What a probe is given. It reports what it saw through `emit` and keeps nothing. */
export interface ProbeContext {
  /** Stamps the event, folds it into the Path and records it. */
  emit(body: EventBody): ProbeEvent;
  /** Everything that is known so far. */
  path(): Path;
  readonly clock: Clock;
  /** Called before a TCP attempt's socket connects, where its packets are watched. */
  connecting?(connection: Connection): void;
  /** Aborted when the run ends early: a probe cleans up and returns. */
  readonly signal: AbortSignal;
}

/** A TCP attempt that is about to send its SYN. */
export interface Connection {
  readonly fd: number;
  /** The attempt's name, "t1". */
  readonly name: string;
  readonly family: Family;
  readonly address: string;
  readonly port: number;
  readonly zoneIndex: number;
}

/** Kernel events of the packets that are sent while it is on. */
export interface KernelWatching {
  connecting(connection: Connection): void;
  /** Detaches and reports what is left. */
  stop(): Promise<void>;
}

export type Probe = (context: ProbeContext) => Promise<void>;

/** A probe whose answer is known before it is over: what must wait for it need not wait for all of it. */
export interface StagedProbe {
  /** Settles when the others can go on: an address is there, an inbound size is decided or cannot be. */
  readonly decided: Promise<void>;
  readonly done: Promise<void>;
  /** Nothing else is left to wait for: what only listens for more may end. */
  conclude?(): void;
}

export interface ResolveProbe extends StagedProbe {
  /** Settles with `decided`, or as soon as the servers of resolv.conf have been silent for a while. */
  readonly silent: Promise<void>;
}

export interface TcpStagesProbe extends StagedProbe {
  /** Settles when it is known which address the trace goes on with: it is connected, or nothing else is. */
  readonly chosen: Promise<void>;
  /** Settles when UDP may go out: with `decided`, or while there is no connection to decide it on. */
  readonly clear: Promise<void>;
}

/** The Windows host, which probes the same from its side at the same time. */
export interface HostProbes {
  /** Has it resolve the name, where the distro's resolvers gave no address. */
  names(): Promise<void>;
  /** Has it probe the target, and whatever else this side's own result calls for. */
  follow(tcp: TcpStagesProbe): Promise<void>;
  /** Has it connect to the run's port at these addresses. */
  reach(addresses: readonly string[]): Promise<void>;
  /** Ends whatever was started there. */
  close(): void;
}

/** The probes of a run: one for each step that is no more than that, and those that share something. */
export interface Probes extends Readonly<Record<ProbeStep, Probe>> {
  /** Starts the prober on the Windows host; nothing waits for that. */
  hostProbes(context: ProbeContext): HostProbes;
  /**
   * Queries every resolver in reach and decides with which addresses the trace goes on.
   * @param hostRead settles when the host's snapshot is there, or cannot be had
   */
  resolve(context: ProbeContext, hostRead: Promise<void>): ResolveProbe;
  /** Reads the kernel's route to the target, and its cached PMTU. */
  route(when: "before" | "after"): Probe;
  /** Watches what this kernel does with the probes; it is on only while they are sent. */
  kernel(context: ProbeContext): Promise<KernelWatching>;
  /**
   * The default attempt, stage by stage, and the inbound sizes when it hangs.
   * @param pathFollowed settles when the routers have been asked, or will not be
   */
  tcp(context: ProbeContext, pathFollowed: Promise<void>): TcpStagesProbe;
  /**
   * The request through a proxy, where one is set.
   * @param connected settles when it is known whether the default attempt got its connection
   */
  proxy(context: ProbeContext, connected: Promise<void>): Promise<void>;
  /**
   * The hops and the sizes over UDP.
   * @param clear settles when large packets may leave, and what Windows names is known
   */
  udp(context: ProbeContext, clear: Promise<void>): Promise<void>;
  /**
   * Connection requests from other source ports, and the hops of other UDP flows.
   * @param pathFollowed settles when the path of the run's own flow is known
   */
  flows(context: ProbeContext, pathFollowed: Promise<void>): Promise<void>;
  /**
   * Sizes of connections from other source ports.
   * @param settled settles when nothing is open any more of what one connection shows
   */
  sizeFlows(context: ProbeContext, settled: Promise<void>): Promise<void>;
  /** Who serves the run's port here, and who reaches it. */
  inbound(context: ProbeContext, hostProbes: HostProbes): Promise<void>;
  /** Names of the routers that answered so far. */
  hopNames(context: ProbeContext): StagedProbe;
}
