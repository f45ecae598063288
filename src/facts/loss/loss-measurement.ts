// Loss as measured: connection requests that got no answer, and the hop from which on packets are lost.

import { hopTable, type Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import { lastInfo } from "../connection/attempt.ts";
import { isFromTarget } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { targetProbes } from "../reach/probes.ts";
import { reachFacts } from "../reach/reach.ts";
import { type Count, chanceAlike } from "./loss-inference.ts";
import { NOTHING, servedData, sumOf } from "./served-data.ts";
import { BACKGROUND, MIN_LOST, ODDS, SAME_LOSS, SPARED_BY_CHANCE } from "./thresholds.ts";

export interface MeasuredLoss {
  readonly sent: number;
  readonly lost: number;
  /** TTLs between which the first hop with loss lies, the destination's included; null when not probed. */
  readonly start: { readonly fromTtl: number; readonly toTtl: number } | null;
  /** TTL of the destination in these rounds. */
  readonly distance: number | null;
  /** What else the target was sent in the rounds: one probe in each, and SYNs again, far apart. */
  readonly beside: Count;
  readonly slow: Count;
  /** SYNs to a port where nobody listens, at the rate of the rounds; none where they are dropped. */
  readonly elsewhere: Count;
  /** Segments of an open connection and what TCP repeated of them. */
  readonly open: Count;
  /** The same of the connections that the run made anyway, as far as they were served. */
  readonly served: Count;
  readonly evidence: readonly string[];
}

/** More than what a path that is well loses now and then. */
export function isMuch({ sent, lost }: Pick<MeasuredLoss, "sent" | "lost">): boolean {
  return lost >= MIN_LOST.count && lost / sent >= MIN_LOST.share;
}

/** Loss of the path; whoever answers none of them does not lose them. */
export function isLoss(measured: MeasuredLoss): boolean {
  return (
    isMuch(measured) &&
    measured.lost < measured.sent &&
    !isOfSynsAlone(measured) &&
    !isContradicted(measured)
  );
}

/**
 * Whether what no rate limits shows none of this loss: data of the open connection, and SYNs far apart beside it, or where
 * no connection could be held open, the data of those that were served. Routers' and the target's ICMP answers, which are
 * lost as well, may be limited, by what others ask of them too, and a busy server drops SYNs. Two balanced paths
 * of which one loses may look the same, so that nothing is known.
 */
export function isContradicted(measured: MeasuredLoss): boolean {
  const { sent, lost, slow, beside, elsewhere, open, served } = measured;
  if (!isMuch(measured) || slow.sent === 0 || isOfSynsAlone(measured)) return false;
  if (chanceAlike(elsewhere, { sent, lost }) < SPARED_BY_CHANCE) return true;
  if (open.sent > 0) {
    return slow.lost === 0 && chanceAlike(open, { sent, lost }) < SAME_LOSS;
  }
  if (slow.lost > 0) return false;
  const others = [served, sumOf([served, slow, beside]), sumOf([served, slow, elsewhere])];
  return others.some((other) => chanceAlike(other, { sent, lost }) < SPARED_BY_CHANCE);
}

/**
 * Whether SYNs in quick succession are lost, and other probes, data of an open connection or SYNs that are
 * far apart are not, or much less: somebody drops connection requests, and the path loses nothing.
 */
export function isOfSynsAlone(measured: MeasuredLoss): boolean {
  const { sent, lost, beside, slow, elsewhere, open } = measured;
  const both = sumOf([beside, slow]);
  // A connection that is open took a path that works: where others are dead, other probes die there as well.
  const data = isLossy(beside) ? NOTHING : open;
  // One that loses as much as the requests shows a path that does: what was spared beside it was spared by chance.
  if (isLossy(open) && chanceAlike(open, { sent, lost }) >= SAME_LOSS) return false;
  return [beside, slow, both, elsewhere, data].some(
    (other) => chanceAlike(other, { sent, lost }) < SAME_LOSS,
  );
}

/** Some are answered, and more than one is not. */
function isLossy({ sent, lost }: Count): boolean {
  return lost > 1 && lost < sent;
}

/**
 * Whether only the pace is too fast: no SYN is lost of those that are a second apart.
 */
export function isOfPaceAlone({ sent, lost, slow }: MeasuredLoss): boolean {
  return slow.lost === 0 && chanceAlike(slow, { sent, lost }) < SPARED_BY_CHANCE;
}

interface Rate extends Count {
  readonly ttl: number;
}

/** Null where no rounds were made. A SYN is answered by anybody who listens or does not, unlimited. */
export const measuredLoss = perPath("measuredLoss", computeMeasuredLoss);

function computeMeasuredLoss(path: Path): MeasuredLoss | null {
  const shortestMs = shortestRttMs(path);
  const all = targetProbes(path).filter(
    (probe) => probe.purpose === "loss" && wasSent(probe) && !wasCutOff(probe, shortestMs),
  );
  const probes = all.filter(({ port }) => port === undefined);
  const rounds = probes.filter(({ protocol }) => protocol !== "tcp");
  const firstRound = rounds[0] === undefined ? probes.length : probes.indexOf(rounds[0]);
  const isSyn = ({ protocol }: Probe) => protocol === "tcp";
  const syns = probes.slice(0, firstRound).filter(isSyn);
  if (syns.length === 0) return null;
  const { lost } = countOf(syns);
  const reach = reachFacts(path);
  const seen = new Set(reach.routers.map(({ ttl }) => ttl));
  const reached = targetTtl(rounds, reach.distance);
  const hops = hopRates(rounds).filter(
    // A hop that never answers anything is silent, and is no evidence about loss.
    ({ ttl, sent, lost: silent }) => ttl < (reached ?? ttl + 1) && (silent < sent || seen.has(ttl)),
  );
  const last = hops.at(-1)?.ttl ?? null;
  const distance = last === null ? null : (reached ?? last + 1);
  const target = { ttl: distance ?? 1, sent: syns.length, lost };
  const [beside] = hopRates(rounds).filter(({ ttl }) => ttl === reached);
  return {
    sent: syns.length,
    lost,
    start: last === null ? null : startOf(hops, target, reached === null ? last : null),
    distance,
    beside: beside ?? { sent: 0, lost: 0 },
    slow: countOf(probes.slice(firstRound).filter(isSyn)),
    elsewhere: elsewhereCount(all),
    open: openCount(path),
    served: servedData(path),
    evidence: [...syns.map(({ id }) => id), ...path.openFlows.map(({ id }) => id)],
  };
}

/** A firewall may drop them, or a router answer in the target's place. */
function elsewhereCount(all: readonly Probe[]): Count {
  const syns = all.filter(({ port }) => port !== undefined);
  const answered = syns.some(({ outcome, address }) => isFromTarget(outcome, address));
  return answered ? countOf(syns) : NOTHING;
}

function openCount({ openFlows }: Path): Count {
  return {
    sent: openFlows.reduce((sum, { roundTrips, repeated }) => sum + roundTrips + repeated, 0),
    lost: openFlows.reduce((sum, { repeated }) => sum + repeated, 0),
  };
}

/** The smallest TTL at which the target answered, here or before; null where it did not. */
function targetTtl(rounds: readonly Probe[], before: number | null): number | null {
  const answered = rounds.filter((probe) => isFromTarget(probe.outcome, probe.address));
  const ttls = [...answered.map(({ ttl }) => ttl), ...(before === null ? [] : [before])];
  return ttls.length === 0 ? null : Math.min(...ttls);
}

/** Round trips that a probe has to be waited for, before its silence shows anything. */
const ROUND_TRIPS = 2;

/** A wait that we ended ourselves, before an answer can have come, is no sign of loss. */
function wasCutOff({ outcome }: Probe, shortestMs: number): boolean {
  return outcome.kind === "no-reply" && outcome.waitedMs < ROUND_TRIPS * shortestMs;
}

/** Of connections and of probes that the target answered; 0 where none was. */
function shortestRttMs(path: Path): number {
  const connections = path.attempts.flatMap((attempt) => lastInfo(attempt)?.rttMs || []);
  const answers = targetProbes(path).flatMap(({ outcome, address }) =>
    "rttMs" in outcome && isFromTarget(outcome, address) ? [outcome.rttMs] : [],
  );
  const all = [...connections, ...answers];
  return all.length === 0 ? 0 : Math.min(...all);
}

function wasSent({ outcome }: Probe): boolean {
  return outcome.kind !== "send-failed";
}

function countOf(probes: readonly Probe[]): Count {
  const lost = probes.filter(({ outcome }) => outcome.kind === "no-reply");
  return { sent: probes.length, lost: lost.length };
}

function hopRates(probes: readonly Probe[]): readonly Rate[] {
  return hopTable(probes).map(({ ttl, sent, noReply }) => ({
    ttl,
    sent: sent.length,
    lost: noReply.length,
  }));
}

/**
 * The first hop with loss by likelihood: before it next to nothing is lost, from it on as much as on
 * the whole path. A hop's loss counts only as far as all behind it share it: what it alone does not
 * answer is its own reticence (the rule for reading mtr).
 * @param unsureBehind the last hop that answers, where nobody knows how far behind it the target is
 */
function startOf(hops: readonly Rate[], target: Rate, unsureBehind: number | null) {
  const whole = Math.max(BACKGROUND, Math.min(1 - BACKGROUND, target.lost / target.sent));
  const shared = sharedRates(hops, target);
  const candidates = [...shared.map(({ ttl }) => ttl), target.ttl];
  const weights = candidates.map((start) => ({
    start,
    log: shared.reduce(
      (sum, { ttl, sent, lost }) =>
        sum + logLikelihood(sent, lost, ttl < start ? BACKGROUND : whole),
      0,
    ),
  }));
  const best = Math.max(...weights.map(({ log }) => log));
  const likely = weights.filter(({ log }) => best - log < Math.log(ODDS)).map(({ start }) => start);
  const first = Math.min(...likely);
  // Silent hops in front of it may be the ones that lose.
  const before = Math.max(0, ...candidates.filter((ttl) => ttl < first));
  const fromTtl = first === target.ttl && unsureBehind !== null ? unsureBehind : before + 1;
  return { fromTtl, toTtl: Math.max(...likely) };
}

function sharedRates(hops: readonly Rate[], target: Rate): readonly Rate[] {
  return hops.map(({ ttl, sent, lost }) => {
    const behind = [...hops.filter((other) => other.ttl > ttl), target];
    const total = (pick: (rate: Rate) => number) => behind.reduce((sum, one) => sum + pick(one), 0);
    const rate = total((one) => one.lost) / total((one) => one.sent);
    return { ttl, sent, lost: Math.min(lost, rate * sent) };
  });
}

function logLikelihood(sent: number, lost: number, rate: number): number {
  return lost * Math.log(rate) + (sent - lost) * Math.log(1 - rate);
}
