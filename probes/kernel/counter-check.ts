// Whether this very kernel holds back SYNs, or drops their answers, where nothing shows single packets: a few SYNs, in numbers that
// differ, and what the counters of this network namespace did meanwhile. What rises by just as many each time is about them.

import { stageOf } from "../../src/facts/connection/attempt.ts";
import {
  defaultAttempt,
  isOnThisMachine,
  tracedRoute,
} from "../../src/facts/connection/subject.ts";
import { hasEnough } from "../../src/facts/kernel/counter-check.ts";
import { isWatched } from "../../src/facts/kernel/own-packets.ts";
import type { Attempt } from "../../src/model/connections.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { CounterTrial } from "../../src/schema/events/kernel.ts";
import type { Libc } from "../native/libc.ts";
import { openTcp, type TcpSocket } from "../native/tcp-socket.ts";
import type { System } from "../system.ts";
import { parseList, parsePairs } from "./counters.ts";

export interface CounterCheckDeps {
  readonly libc: Libc;
  readonly system: System;
  zoneIndex(address: string): number;
}

/** Numbers that differ, so that a steady stream of other packets fits one at most; four at once trouble no server. */
const CONNECTS = [3, 4, 2, 4, 3, 2] as const;
/**
 * Several round trips of what is known of the path, and well below a second: a server repeats its answer then, and so does this
 * kernel its SYN (RFC 6298 s.2).
 */
const ROUND_TRIPS = 2;
const MARGIN_MS = 60;
const WAIT_MAX_MS = 400;
const WAIT_UNKNOWN_MS = 200;

/** Only where the connection does not come about, and no better source watches this kernel. */
export async function checkCounters(deps: CounterCheckDeps, context: ProbeContext): Promise<void> {
  const subject = subjectOf(context.path());
  if (subject === null) return;
  const { attempt, device } = subject;
  const trials = await tryAgain(deps, context, subject);
  const { address, family, port } = attempt;
  if (trials.length === 0) return;
  context.emit({ kind: "counter-check", address, family, port, device, trials });
}

interface Subject {
  readonly attempt: Attempt;
  /** The interface that its packets leave by. */
  readonly device: string;
}

function subjectOf(path: Path): Subject | null {
  const attempt = defaultAttempt(path);
  const route = tracedRoute(path);
  if (attempt === undefined || route === null || isOnThisMachine(path)) return null;
  // A connect that is still waiting is as silent as one that was given up.
  if (stageOf(attempt, "connect")?.result.kind === "ok" || isWatched(path)) return null;
  return { attempt, device: route.interface };
}

async function tryAgain(
  deps: CounterCheckDeps,
  context: ProbeContext,
  subject: Subject,
): Promise<CounterTrial[]> {
  const trials: CounterTrial[] = [];
  for (const connects of CONNECTS) {
    if (context.signal.aborted || hasEnough(trials)) return trials;
    const trial = await tryOnce(deps, context, { ...subject, connects });
    if (trial === null) return [];
    trials.push(trial);
    // The port takes connections after all: more of them would only trouble it.
    if (trial.accepted > 0) return trials;
  }
  return trials;
}

interface Wanted extends Subject {
  readonly connects: number;
}

/** Null where the counters cannot be read. */
async function tryOnce(
  { libc, system, zoneIndex }: CounterCheckDeps,
  context: ProbeContext,
  { attempt, device, connects }: Wanted,
): Promise<CounterTrial | null> {
  const { address, family, port } = attempt;
  const before = await readTraffic(system, family, device);
  if (before === null) return null;
  const to = { family, address, port, zoneIndex: zoneIndex(address) };
  const opened = Array.from({ length: connects }, () => openTcp(libc, to, null));
  const sockets = opened.flatMap((one) => (one.kind === "connecting" ? [one.socket] : []));
  try {
    await context.clock.sleep(waitFor(context));
    const after = await readTraffic(system, family, device);
    if (after === null) return null;
    return { connects, ...countEnds(sockets), ...riseOf(before, after) };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

function countEnds(sockets: readonly TcpSocket[]) {
  const errors = sockets.map((socket) => socket.takeError());
  const accepted = sockets.filter((socket, n) => errors[n] === null && socket.accepted());
  const refused = errors.filter((error) => error === "ECONNREFUSED");
  return { accepted: accepted.length, refused: refused.length };
}

function waitFor(context: ProbeContext): number {
  const rtts = context
    .path()
    .probes.flatMap(({ outcome }) => ("rttMs" in outcome ? [outcome.rttMs] : []));
  if (rtts.length === 0) return WAIT_UNKNOWN_MS;
  return Math.min(WAIT_MAX_MS, ROUND_TRIPS * Math.max(...rtts) + MARGIN_MS);
}

type Traffic = Omit<CounterTrial, "connects" | "accepted" | "refused">;

function riseOf(before: Traffic, after: Traffic): Traffic {
  const rise = (name: keyof Traffic) => {
    const [from, to] = [before[name], after[name]];
    return from === null || to === null ? null : to - from;
  };
  return {
    made: rise("made"),
    transmitted: rise("transmitted"),
    deviceSent: rise("deviceSent"),
    received: rise("received"),
    accounted: rise("accounted"),
    reverseFiltered: rise("reverseFiltered"),
  };
}

/** What becomes of a packet that IP received, beside what a filter drops in silence (net/ipv4/ip_input.c, net/ipv6/ip6_input.c). */
const ACCOUNTED = [
  "InDelivers",
  "InHdrErrors",
  "InAddrErrors",
  "InDiscards",
  "InUnknownProtos",
  "InNoRoutes",
  "InTruncatedPkts",
  "ForwDatagrams",
  "OutForwDatagrams",
] as const;

async function readTraffic(system: System, family: 4 | 6, device: string): Promise<Traffic | null> {
  const read = (file: string) => system.readText(file).catch(() => "");
  const [snmp, netstat, snmp6, sent] = await Promise.all([
    read("/proc/self/net/snmp"),
    read("/proc/self/net/netstat"),
    read("/proc/self/net/snmp6"),
    read(`/sys/class/net/${device}/statistics/tx_packets`),
  ]);
  const rows = [...parsePairs(snmp), ...parsePairs(netstat), ...parseList(snmp6)];
  const counters = new Map(rows);
  const own = family === 6 ? ["Ip6"] : ["Ip", "IpExt"];
  const value = (name: string) => {
    const found = own
      .map((prefix) => counters.get(`${prefix}${name}`))
      .find((one) => one !== undefined);
    return found ?? null;
  };
  const [made, received] = [value("OutRequests"), value("InReceives")];
  if (made === null || received === null) return null;
  return {
    made,
    transmitted: value("OutTransmits"),
    deviceSent: sent === "" ? null : Number(sent),
    received,
    accounted: ACCOUNTED.reduce((sum, name) => sum + (value(name) ?? 0), 0),
    reverseFiltered: counters.get("TcpExtIPReversePathFilter") ?? null,
  };
}
