// SYNs of one target from several source ports: which ports get answers, and which never do.

import type { Attempt } from "../../model/connections.ts";
import { type HopReply, hopTable, type Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import { isSynLost, stageOf } from "../connection/attempt.ts";
import { defaultAttempt, isConnected, isFromTarget, tracedAddress } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { deadBeyondLoss } from "./loss-inference.ts";
import { FLOWS_WHEN_AMBIGUOUS, MANY_MISSED, MIN_ROUNDS } from "./thresholds.ts";

/** One source port, probed several times. */
export interface TcpFlow {
  readonly flow: number;
  readonly sourcePort: number | null;
  readonly sent: number;
  /** By the target: a router's answer in its place has a rate limit, and is no evidence about paths. */
  readonly answered: number;
  readonly missed: number;
  readonly evidence: readonly string[];
}

export interface TcpFlows {
  readonly flows: readonly TcpFlow[];
  /** Never answered, in any round. */
  readonly dead: readonly TcpFlow[];
  readonly passing: readonly TcpFlow[];
  /** Whether some flows are dead, others pass, and loss does not explain it. */
  readonly isDeadBranch: boolean;
  /** Of the answers, in milliseconds; null without any. */
  readonly longestRttMs: number | null;
}

const MAX_ROUNDS = 10;

/** The TCP flows of the traced address. */
export const tcpFlows = perPath("tcpFlows", computeTcpFlows);

function computeTcpFlows(path: Path): TcpFlows {
  const address = tracedAddress(path);
  const sent = path.flowProbes.filter(
    (probe) =>
      probe.purpose === "flow" && probe.address === address && probe.outcome.kind !== "send-failed",
  );
  const numbers = [...new Set(sent.map(({ flow }) => flow))];
  const flows = numbers.map((flow) => flowOf(flow, sent));
  const dead = flows.filter(({ missed, sent }) => missed === sent);
  const others = flows.filter((flow) => !dead.includes(flow));
  const passing = flows.filter(({ answered }) => answered > 0);
  const rtts = sent.flatMap(({ outcome }) => (outcome.kind === "reply" ? [outcome.rttMs] : []));
  return {
    flows,
    dead,
    passing,
    isDeadBranch: roundsOf(flows) >= MIN_ROUNDS && deadBeyondLoss(dead, others) !== null,
    longestRttMs: rtts.length === 0 ? null : Math.max(...rtts),
  };
}

export interface FlowsPlan {
  readonly count: number;
  /** Nothing makes the flows ambiguous: one round that all of them answer will do. */
  readonly quickCheck: boolean;
  /** A connection came about, so that some port does get answers. */
  readonly connected: boolean;
}

/** Whether another round would show nothing more. */
export function enoughRounds(
  { flows, dead, passing, isDeadBranch }: TcpFlows,
  { quickCheck, connected }: Omit<FlowsPlan, "count">,
): boolean {
  const rounds = roundsOf(flows);
  if (rounds === 0) return false;
  if (quickCheck && flows.every(({ missed }) => missed === 0)) return true;
  if (passing.length === 0) return !connected || rounds >= MIN_ROUNDS;
  if (isDeadBranch) return true;
  // Every flow was answered: none is dead.
  return (dead.length === 0 && rounds >= MIN_ROUNDS - 1) || rounds >= MAX_ROUNDS;
}

/** Some connection to the traced address got no answer to its first SYN: perhaps only its ports do not. */
function ambiguousFlows(path: Path): boolean {
  const address = tracedAddress(path);
  return path.attempts.some(
    (attempt) =>
      attempt.address === address &&
      attempt.purpose !== "other-family" &&
      attempt.purpose !== "size-flow" &&
      isUnanswered(attempt),
  );
}

function isUnanswered(attempt: Attempt): boolean {
  const connect = stageOf(attempt, "connect");
  return connect?.result.kind === "no-reply" || isSynLost(attempt);
}

/**
 * How many source ports to probe: as many as were requested, more where results are ambiguous. One
 * connection is no evidence about the next, which may take another path: `path` makes a quick check
 * of some more.
 */
export function flowsToProbe(path: Path): FlowsPlan {
  const asked = path.run?.options.flows ?? 1;
  const ambiguous = ambiguousFlows(path);
  const connected = isConnected(path);
  const whole = (path.run?.command ?? "path") === "path" && connected;
  const count = ambiguous || whole ? Math.max(asked, FLOWS_WHEN_AMBIGUOUS) : asked;
  return { count, quickCheck: !ambiguous && asked < 2, connected };
}

/** Whether the default attempt itself never got beyond its SYN. */
export function isDefaultUnheard(path: Path): boolean {
  const connect = stageOf(defaultAttempt(path), "connect");
  return connect?.result.kind === "no-reply";
}

/** Whether ports that are silent at times are answered at others, so that SYNs show nothing more. */
export function isMixed({ flows, passing, isDeadBranch }: TcpFlows): boolean {
  if (isDeadBranch || passing.length === 0) return false;
  const missed = flows.reduce((sum, flow) => sum + flow.missed, 0);
  const attempts = flows.reduce((sum, flow) => sum + flow.missed + flow.answered, 0);
  return missed >= MANY_MISSED.count && missed / attempts >= MANY_MISSED.share;
}

/** Where the flow that was followed ends: the last router that answered it; null when none did. */
export function lastSeenBy(path: Path): HopReply | null {
  const probes = path.flowProbes.filter(
    ({ protocol, purpose }) => protocol === "tcp" && purpose === "hop",
  );
  const last = hopTable(probes).findLast(({ replies }) => replies.length > 0);
  return last?.replies[0] ?? null;
}

/**
 * Whether the dead flow's SYNs end before a router that other packets get to: a branch of the path is dead. Else
 * they come as near to the target as any, and it may be a machine behind the last router.
 */
export function endsAtHop(path: Path): boolean {
  const address = tracedAddress(path);
  const hops = [...path.probes, ...path.flowProbes].filter(
    (probe) => probe.purpose === "hop" && probe.address === address,
  );
  const ttlsOf = (isOf: (probe: Probe) => boolean) => hops.filter(isOf).map(({ ttl }) => ttl);
  const routers = ttlsOf(({ outcome }) => outcome.kind === "time-exceeded");
  const target = ttlsOf(({ outcome, address: to }) => isFromTarget(outcome, to));
  const before = target.length === 0 ? 0 : Math.min(...target) - 1;
  return (lastSeenBy(path)?.ttl ?? 0) < Math.max(before, ...routers);
}

function flowOf(flow: number, sent: readonly Probe[]): TcpFlow {
  const own = sent.filter((probe) => probe.flow === flow);
  return {
    flow,
    sourcePort: own[0]?.sourcePort ?? null,
    sent: own.length,
    answered: own.filter(({ outcome, address }) => isFromTarget(outcome, address)).length,
    missed: own.filter(({ outcome }) => outcome.kind === "no-reply").length,
    evidence: own.map(({ id }) => id),
  };
}

function roundsOf(flows: readonly TcpFlow[]): number {
  if (flows.length === 0) return 0;
  return Math.min(...flows.map(({ sent }) => sent));
}
