// How far packets to the traced address get, and what each hop of the path reports about it.

import type { StageResult } from "../../model/connections.ts";
import { type HopReply, hopTable, type Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import type { Seen } from "../../model/seen.ts";
import type { DatagramAttempt } from "../../schema/events/datagram.ts";
import type { ProbeOutcome, Protocol } from "../../schema/events/probe.ts";
import { type UnreachableKind, unreachableKind } from "../../schema/icmp.ts";
import { stageOf } from "../connection/attempt.ts";
import { defaultAttempt, isFromTarget, tracedAddress } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { datagramState } from "./datagram.ts";
import { isTrusted } from "./echo-spoofing.ts";
import { probesTo } from "./probes.ts";

type Unreachable = Extract<ProbeOutcome, { kind: "unreachable" }>;

/** How the default attempt's connect ended. */
export type ConnectState =
  | "passed"
  /** By a reset or an ICMP port unreachable: the kernel reports both by one name. */
  | "refused"
  /** By another ICMP error, or one of this machine. */
  | "unreachable"
  | "silent"
  | "other"
  /** Not tried, or not over. */
  | "none";

/** An answer that is not the target's, and reports that packets go no further. */
export interface Refusal {
  readonly id: string;
  readonly from: string;
  readonly says: UnreachableKind;
  readonly type: number;
  readonly code: number;
  readonly protocol: Protocol;
  readonly ttl: number;
  readonly rttMs: number;
  /** Whether it is one of this machine's own addresses. */
  readonly own: boolean;
}

export interface ReachFacts {
  readonly address: string | null;
  readonly connect: ConnectState;
  readonly connectId: string | null;
  /** How long the connect waited for what ended it. */
  readonly connectMs: number | null;
  /** Something that the target itself answered, over anything. */
  readonly alive: Probe | null;
  /** TTL at which the target answered something else than a SYN to its port: its distance. */
  readonly distance: number | null;
  /** That showed their address, the nearest first. */
  readonly routers: readonly HopReply[];
  /** The router at the largest TTL that answered. */
  readonly farthest: HopReply | null;
  readonly refusals: readonly Refusal[];
  /** The largest TTL that was sent. */
  readonly asked: number;
  /** The target's answers by other interfaces than the route's own. */
  readonly elsewhere: readonly Probe[];
}

const UNREACHABLE_CODES = ["EHOSTUNREACH", "ENETUNREACH", "EACCES", "ENOPROTOOPT", "EHOSTDOWN"];

export const reachFacts = perPath("reachFacts", computeReachFacts);

function computeReachFacts(path: Path): ReachFacts {
  const address = tracedAddress(path) ?? null;
  const connect = stageOf(defaultAttempt(path), "connect");
  const { datagram } = path;
  if (connect === undefined && datagram !== null) return ofDatagram(path, address, datagram);
  return reachOf(path, address, {
    connect: connectState(connect),
    connectId: connect?.id ?? null,
    connectMs: connect?.ms ?? null,
  });
}

/** What stands for the connection where there is none. */
function ofDatagram(
  path: Path,
  address: string | null,
  datagram: Seen<DatagramAttempt>,
): ReachFacts {
  const { id: connectId, ms: connectMs } = datagram;
  const known = reachOf(path, address, { connect: "other", connectId, connectMs });
  const refused = refusal({ ...datagram, ttl: FAR_TTL }, ownAddresses(path));
  return {
    ...known,
    connect: datagramState(datagram, known.alive !== null),
    refusals: [...known.refusals, ...refused],
  };
}

/** What a program's datagrams have. */
const FAR_TTL = 64;

type Connected = Pick<ReachFacts, "connect" | "connectId" | "connectMs">;

/** @param connected how the connection, or what stands for it, ended */
export function reachOf(path: Path, address: string | null, connected: Connected): ReachFacts {
  const sent = probesTo(path, address ?? "");
  const probes = sent.filter(({ device }) => device === undefined);
  const hops = probes.filter(({ purpose }) => purpose === "hop");
  const replies = hopTable(hops).flatMap((hop) => hop.replies);
  // A NAT that puts the target's address in the place of the router's leaves nobody to name.
  const routers = replies.filter(({ rewritten }) => !rewritten);
  const hasReplied = ({ outcome, address: to }: Probe) =>
    isFromTarget(outcome, to) && isTrusted(path, outcome);
  const answers = probes.filter(hasReplied);
  const near = hops.filter(
    (probe) => (probe.protocol !== "tcp" || probe.port !== undefined) && hasReplied(probe),
  );
  const own = ownAddresses(path);
  return {
    address,
    ...connected,
    alive: answers[0] ?? null,
    distance: near.length === 0 ? null : Math.min(...near.map(({ ttl }) => ttl)),
    routers,
    farthest: routers.at(-1) ?? null,
    refusals: probes.flatMap((probe) => refusal(probe, own)),
    asked: Math.max(0, ...hops.map(({ ttl }) => ttl)),
    elsewhere: sent.filter(
      (probe) => probe.device !== undefined && isFromTarget(probe.outcome, probe.address),
    ),
  };
}

/** The first probe by the route's own interface that somebody else than this machine answered. */
export function firstReply(path: Path, own = ownAddresses(path)): Probe | undefined {
  return path.probes.find(
    ({ outcome, device }) =>
      device === undefined && "from" in outcome && outcome.from !== "" && !own.has(outcome.from),
  );
}

/** Every address of this machine's interfaces, and the source of its route to the target. */
export const ownAddresses = perPath("ownAddresses", ownAddressesOf);

/** The same of the routes that these lookups found. */
export function ownAddressesOf({
  interfaces,
  lookups,
}: Pick<Path, "interfaces" | "lookups">): ReadonlySet<string> {
  const links = interfaces?.interfaces ?? [];
  const sources = lookups.flatMap(({ outcome }) =>
    outcome.kind === "route" ? [outcome.source] : [],
  );
  const addresses = links.flatMap((link) => link.addresses.map(({ address }) => address));
  return new Set([...addresses, ...sources]);
}

function connectState(connect: StageResult | undefined): ConnectState {
  if (connect === undefined) return "none";
  const { result } = connect;
  if (result.kind === "ok") return "passed";
  if (result.kind === "no-reply") return "silent";
  if (result.kind !== "failed") return "other";
  if (result.code === "ECONNREFUSED") return "refused";
  return UNREACHABLE_CODES.includes(result.code) ? "unreachable" : "other";
}

type Refusable = Pick<Probe, "outcome" | "id" | "protocol" | "ttl" | "address">;

function refusal(probe: Refusable, own: ReadonlySet<string>): readonly Refusal[] {
  const { outcome, id, protocol, ttl, address } = probe;
  if (outcome.kind !== "unreachable" || isPortOf(outcome, address)) return [];
  const { from, type, code, rttMs } = outcome;
  const says = unreachableKind(outcome, address);
  return [{ id, from, says, type, code, protocol, ttl, rttMs, own: own.has(from) }];
}

/** The target's port unreachable for a UDP port is a sign of life, not a refusal. */
function isPortOf(outcome: Unreachable, address: string): boolean {
  return outcome.from === address && unreachableKind(outcome, address) === "port";
}
