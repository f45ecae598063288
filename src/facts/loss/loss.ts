// What TCP had to repeat in a run: signs of loss that no size explains.

import type { Attempt } from "../../model/connections.ts";
import type { Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import {
  arrivedOutOfOrder,
  attemptState,
  lastInfo,
  lostSyns,
  offeredBytes,
  stageOf,
} from "../connection/attempt.ts";
import { defaultAttempt } from "../connection/subject.ts";
import { targetProbes } from "../reach/probes.ts";
import type { InboundFacts } from "../size/inbound.ts";
import { sizedAttempts } from "../size/inbound-interval.ts";
import { BY_SIZE } from "./by-size.ts";
import { chanceAlike } from "./loss-inference.ts";
import { isContradicted, isOfSynsAlone, measuredLoss } from "./loss-measurement.ts";
import { servedData } from "./served-data.ts";
import { tcpFlows } from "./tcp-flows.ts";
import { OVERTAKEN, REPEATED_SYNS, SAME_LOSS, USER_VISIBLE_MS } from "./thresholds.ts";

export interface LossSigns {
  /** Of those below that could show any. */
  readonly connections: number;
  /** Connections whose SYN, or its answer, had to be sent again. */
  readonly syns: number;
  /** How often, of all of them. */
  readonly repeats: number;
  /** Connections whose data had to be sent again, in either direction. */
  readonly data: number;
  /** Whether the default attempt lost USER_VISIBLE_MS or more by it. */
  readonly userVisible: boolean;
  readonly evidence: readonly string[];
}

/**
 * Connections that a size limit may have stopped do not count, nor does what was ended early. A
 * reordering path gives signs in data, and none in SYNs.
 */
export function lossSigns(path: Path, { interval, recoveredAfterMs }: InboundFacts): LossSigns {
  const limit = interval.failed ?? Number.POSITIVE_INFINITY;
  const attempts = path.attempts.filter(
    (attempt) =>
      !BY_SIZE.includes(attempt.purpose) &&
      (offeredBytes(attempt) ?? 0) < limit &&
      connectOf(attempt) !== undefined,
  );
  const syns = attempts.filter((attempt) => lostSyns(attempt) > 0);
  const data = attempts.filter(repeatedData);
  const first = defaultAttempt(path);
  const late = first !== undefined && syns.includes(first) && waitedMs(first) >= USER_VISIBLE_MS;
  const evidence = [...syns, ...data].map(({ ended, id }) => ended?.id ?? id);
  return {
    connections: attempts.length,
    syns: syns.length,
    repeats: syns.reduce((sum, attempt) => sum + lostSyns(attempt), 0),
    data: data.length,
    userVisible: late || (recoveredAfterMs !== null && recoveredAfterMs >= USER_VISIBLE_MS),
    evidence: [...new Set(evidence)],
  };
}

/**
 * Whether the SYNs that were repeated are those of a server that takes connections late: it answered each when it was asked
 * on purpose, and no data were lost in connections that were served.
 */
function areSynsContradicted(path: Path, inbound: InboundFacts): boolean {
  const measured = measuredLoss(path);
  if (measured === null || measured.lost > 0) return false;
  const { connections, syns, repeats, data } = lossSigns(path, inbound);
  if (syns < REPEATED_SYNS || data > 0) return false;
  return chanceAlike(servedData(path), { sent: connections + repeats, lost: repeats }) < SAME_LOSS;
}

/** Whether what looks like loss of the path may as well be none. */
export function isLossOpen(path: Path, inbound: InboundFacts): boolean {
  const measured = measuredLoss(path);
  const contradicted = measured !== null && isContradicted(measured);
  return contradicted || areSynsContradicted(path, inbound);
}

/**
 * The sizes whose stalls no size explains, where one of those connections repeated something, or had a gap in
 * what arrived. A wait that we ended, of a server that was slow or busy, is no sign of loss.
 */
export function sizesLost(path: Path, { interval }: InboundFacts): readonly number[] {
  const stalled = sizedAttempts(path).filter(
    (attempt) => attempt.stalls.length > 0 && interval.lost.includes(offeredBytes(attempt) ?? 0),
  );
  const untaken = mayBeUntaken(path);
  return stalled.some((attempt) => showsLoss(attempt, untaken)) ? interval.lost : [];
}

/**
 * Where the target answers every SYN, or loses SYNs alone, what was repeated in a connection that brought nothing is no sign
 * of loss: a busy server's kernel drops them, until there is room for one more connection that nobody has taken yet.
 */
function mayBeUntaken(path: Path): boolean {
  const measured = measuredLoss(path);
  if (measured === null) return false;
  return measured.lost === 0 || isOfSynsAlone(measured) || isContradicted(measured);
}

function showsLoss(attempt: Attempt, untaken: boolean): boolean {
  const info = lastInfo(attempt);
  if (info === null) return false;
  if (info.sacked > 0 || arrivedOutOfOrder(info, null)) return true;
  return info.totalRetrans > 0 && !(untaken && info.bytesReceived === 0);
}

/**
 * Whether anything at all was lost that a size does not explain: TCP repeated something, or two equal
 * probes fared differently. The latter may be a limit of ICMP's rate, so it is a sign of loss and proves nothing.
 */
export function lossSuspected(path: Path, inbound: InboundFacts): boolean {
  const { syns, data } = lossSigns(path, inbound);
  if (syns + data > 0 || inbound.interval.lost.length > 0 || isFickle(path)) return true;
  const { passing, isDeadBranch } = tcpFlows(path);
  if (!isDeadBranch && passing.some(({ missed }) => missed > 0)) return true;
  const first = defaultAttempt(path);
  const connect = stageOf(first, "connect");
  return connect?.result.kind === "no-reply";
}

/** Probes to the target of one protocol, TTL and size, some of them answered and some not. */
export function fickleProbes(path: Path): readonly Probe[] {
  const groups = new Map<string, Probe[]>();
  for (const probe of targetProbes(path)) {
    const { protocol, ttl, sizeBytes, purpose, device, port } = probe;
    if (purpose === "loss" || device !== undefined) continue;
    const key = [protocol, ttl, sizeBytes, port ?? ""].join("/");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [probe]);
    else group.push(probe);
  }
  const silent = ({ outcome }: Probe) => outcome.kind === "no-reply";
  const replied = ({ outcome }: Probe) => "from" in outcome;
  return [...groups.values()].filter((group) => group.some(silent) && group.some(replied)).flat();
}

function isFickle(path: Path): boolean {
  return fickleProbes(path).length > 0;
}

function connectOf({ stages }: Attempt) {
  return stages.find(({ stage, result }) => stage === "connect" && result.kind === "ok");
}

function waitedMs(attempt: Attempt): number {
  return connectOf(attempt)?.ms ?? 0;
}

function synRepeats(attempt: Attempt): number {
  return connectOf(attempt)?.info?.totalRetrans ?? 0;
}

/** Our data were sent again, or the far side's arrived with a gap that closed by a repetition. */
function repeatedData(attempt: Attempt): boolean {
  if (lastInfo(attempt) === null || attemptState(attempt, "tls") === "stalled") return false;
  const recovered = attemptState(attempt, "http") === "passed" && lostInbound(attempt);
  return recovered || lostOutbound(attempt);
}

/** Whether data of ours had to be sent again. */
export function lostOutbound(attempt: Attempt): boolean {
  const info = lastInfo(attempt);
  return (
    info !== null && connectOf(attempt) !== undefined && info.totalRetrans > synRepeats(attempt)
  );
}

/**
 * Whether what arrived out of order did so for a loss: all that is in flight behind a lost segment does,
 * or the connection waited for the one that was missing. A single one that nothing waited for is reordered.
 */
export function lostInbound(attempt: Attempt): boolean {
  const waited = attempt.stalls.some(({ info }) => info !== null && arrivedOutOfOrder(info, null));
  return (lastInfo(attempt)?.rcvOooPack ?? 0) > (waited ? 0 : OVERTAKEN);
}
