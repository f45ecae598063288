// The sockets of the outbound path: opened for one use, and reported as skipped where the kernel refuses one.

import { messageOf } from "../../src/errors.ts";
import { tracedAddress } from "../../src/facts/connection/subject.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { SynProber } from "../hops/syn-path.ts";
import type { Prober } from "../hops/ttl-sweep.ts";
import { createProbeSender } from "../probe-sender.ts";
import type { RateLimit } from "../rate-limit.ts";
import type { System } from "../system.ts";
import type { ProbeEngine } from "./engine.ts";
import type { MarkOf } from "./mark.ts";
import type { Transport } from "./transport.ts";

export interface OutboundDeps {
  readonly engine: ProbeEngine;
  readonly system: System;
  zoneIndex(address: string): number;
  candidates(path: Path): readonly number[];
  /** The cookie of the next probe, never given twice in a run. */
  nextCookie(): number;
  /** What a probe is marked with, by its cookie. */
  readonly markOf: MarkOf;
  /** The clock's reading when the run began. */
  readonly runStartMs: number;
  /** Waits until one more probe may leave; shared by all of a run. */
  readonly rateLimit: RateLimit;
  /** Whether other runs of this process send at the same time: counters of the machine count theirs as well. */
  readonly isShared: boolean;
}

export const HTTPS_PORT = 443;
/** The first port of traceroute's range (RFC 1393 names it): closed nearly everywhere, so that a live host answers port-unreachable. */
export const UDP_PORT = 33434;
/** How long failed ARP or ND takes to be reported (3 attempts, a second apart) with a margin. */
export const NEIGHBOUR_FAILURE_MS = 3500;

export type Subject = NonNullable<ReturnType<typeof subjectOf>>;

/** Where the default attempt went, else the first address; undefined without a route. */
export function subjectOf(path: Path) {
  const address = tracedAddress(path);
  const lookup = path.lookups.find((candidate) => candidate.address === address);
  if (address === undefined || lookup?.outcome.kind !== "route") return undefined;
  return { address, family: lookup.family, linkMtu: lookup.outcome.linkMtu };
}

/** Opened for one use; what cannot be opened is reported as skipped. */
export async function withTransport(
  context: ProbeContext,
  probe: string,
  open: () => Transport,
  use: (transport: Transport) => Promise<void>,
): Promise<void> {
  const transport = openOrSkip(context, probe, open);
  if (transport === null) return;
  try {
    await use(transport);
  } finally {
    transport.close();
  }
}

/** Null, and reported as skipped, where the kernel or a privilege refuses. */
function openOrSkip(context: ProbeContext, probe: string, open: () => Transport): Transport | null {
  try {
    return open();
  } catch (error) {
    context.emit({ kind: "probe-skipped", probe, reason: messageOf(error) });
    return null;
  }
}

/** False, and reported as skipped, where what a TTL would show is not seen: silence would then mean nothing. */
export function showsRouters(
  context: ProbeContext,
  probe: string,
  { routersHidden = null }: Transport,
): boolean {
  if (routersHidden === null) return true;
  context.emit({ kind: "probe-skipped", probe, reason: `hops need ${routersHidden}` });
  return false;
}

/** SYNs to the target, null where the kernel refuses such a socket. */
export function openSyn(
  deps: OutboundDeps,
  context: ProbeContext,
  { address, family }: Subject,
  via: { readonly port?: number; readonly device?: string },
  gapMs?: number,
): SynProber | null {
  const port = via.port ?? context.path().run?.target.port ?? HTTPS_PORT;
  const to = { family, address, port, zoneIndex: deps.zoneIndex(address) };
  const bound = via.device === undefined ? {} : { device: via.device };
  const open = () => deps.engine.syn(to, bound);
  const transport = openOrSkip(context, "tcp-syn", open);
  if (transport === null) return null;
  const rateLimit = gapMs === undefined ? {} : { gapMs };
  const send = createProbeSender(transport, context, { address, via, ...rateLimit, ...deps });
  return {
    send,
    sizeBytes: transport.smallestBytes,
    showsRouters: () => showsRouters(context, "tcp-syn", transport),
    close: transport.close,
  };
}

/**
 * UDP from several source ports: where routers balance, each may take a path of its own.
 * @param options.numbered whether events name the flow, from 1 on; 0 is the run's own
 */
export function openUdpFlows(
  deps: OutboundDeps,
  context: ProbeContext,
  { address, family }: Subject,
  options: { readonly count: number; readonly numbered: boolean },
) {
  const to = { family, address, port: UDP_PORT, zoneIndex: deps.zoneIndex(address) };
  const opened: Transport[] = [];
  const flows = Array.from({ length: options.count }, (_, n) => n + 1).flatMap((flow) => {
    const transport = openOrSkip(context, "udp-flows", () => deps.engine.udp(to));
    if (transport === null) return [];
    opened.push(transport);
    const reported = options.numbered ? { flow } : {};
    const send = createProbeSender(transport, context, { address, ...reported, ...deps });
    return [{ flow, send, smallestBytes: transport.smallestBytes }];
  });
  const close = () => {
    for (const transport of opened) transport.close();
  };
  return { flows, close };
}

/** ICMP and TCP beside UDP, to one address: opened when they are first needed. */
export function openOthers(
  deps: OutboundDeps,
  context: ProbeContext,
  { address, family, port }: Pick<Subject, "address" | "family"> & { readonly port: number },
) {
  const opened: Transport[] = [];
  const to = { family, address, zoneIndex: deps.zoneIndex(address) };
  const open = (probe: string, make: () => Transport): readonly Prober[] => {
    const transport = openOrSkip(context, probe, make);
    if (transport === null) return [];
    opened.push(transport);
    if (!showsRouters(context, probe, transport)) return [];
    const send = createProbeSender(transport, context, { address, ...deps });
    return [{ send, smallestBytes: transport.smallestBytes }];
  };
  return {
    probers: () => [
      ...open("icmp", () => deps.engine.echo(to)),
      ...open("tcp-syn", () => deps.engine.syn({ ...to, port })),
    ],
    close: () => {
      for (const transport of opened) transport.close();
    },
  };
}
