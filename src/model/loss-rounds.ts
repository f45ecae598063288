// Loss as measured: connection requests that got no answer, and the hop from which on packets are lost.

import type { ProbeSent } from "./events/probe.ts";
import type { Path, Seen } from "./path.ts";
import { tracedAddress } from "./subject.ts";

export interface MeasuredLoss {
  readonly sent: number;
  readonly lost: number;
  /** TTLs between which the first hop with loss lies, the destination's included; null when not asked. */
  readonly start: { readonly fromTtl: number; readonly toTtl: number } | null;
  /** TTL of the destination in these rounds. */
  readonly distance: number | null;
  readonly evidence: readonly string[];
}

/** A path that loses one in a hundred each way loses so many of forty once in a hundred runs. */
const MIN_LOST = 4;
const MIN_RATIO = 0.08;

/** More than what a path that is well loses now and then. */
export function isLoss({ sent, lost }: MeasuredLoss): boolean {
  return lost >= MIN_LOST && lost / sent >= MIN_RATIO;
}

type Probe = Seen<ProbeSent>;

interface Rate {
  readonly ttl: number;
  readonly sent: number;
  readonly lost: number;
}

/** What is lost now and then before loss begins. */
const BACKGROUND = 0.01;
/** A start that is so much less likely than the best one is ruled out. */
const ODDS = 20;

/** Null where no rounds were made. A SYN is answered by anybody who listens or does not, unlimited. */
export function measuredLoss(path: Path): MeasuredLoss | null {
  const address = tracedAddress(path);
  const probes = path.probes.filter(
    (probe) => probe.purpose === "loss" && probe.address === address && wasSent(probe),
  );
  const syns = probes.filter(({ protocol }) => protocol === "tcp");
  if (syns.length === 0) return null;
  const lost = syns.filter(({ outcome }) => outcome.kind === "no-reply");
  const hops = hopRates(probes.filter(({ protocol }) => protocol !== "tcp"));
  const distance = hops.length === 0 ? null : Math.max(...hops.map(({ ttl }) => ttl)) + 1;
  const target = { ttl: distance ?? 1, sent: syns.length, lost: lost.length };
  return {
    sent: syns.length,
    lost: lost.length,
    start: distance === null ? null : startOf(hops, target),
    distance,
    evidence: syns.map(({ id }) => id),
  };
}

function wasSent({ outcome }: Probe): boolean {
  return outcome.kind !== "send-failed";
}

function hopRates(probes: readonly Probe[]): readonly Rate[] {
  const ttls = [...new Set(probes.map(({ ttl }) => ttl))].sort((a, b) => a - b);
  return ttls.map((ttl) => {
    const own = probes.filter((probe) => probe.ttl === ttl);
    const lost = own.filter(({ outcome }) => outcome.kind === "no-reply").length;
    return { ttl, sent: own.length, lost };
  });
}

/**
 * The first hop with loss by likelihood: before it next to nothing is lost, from it on as much as on
 * the whole way. A hop's loss counts only as far as all behind it share it: what it alone does not
 * answer is its own reticence (the rule for reading mtr).
 */
function startOf(hops: readonly Rate[], target: Rate) {
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
  return { fromTtl: Math.min(...likely), toTtl: Math.max(...likely) };
}

function sharedRates(hops: readonly Rate[], target: Rate): readonly Rate[] {
  let least = target.lost / target.sent;
  return [...hops]
    .reverse()
    .map(({ ttl, sent, lost }) => {
      least = Math.min(least, lost / sent);
      return { ttl, sent, lost: least * sent };
    })
    .reverse();
}

function logLikelihood(sent: number, lost: number, rate: number): number {
  return lost * Math.log(rate) + (sent - lost) * Math.log(1 - rate);
}
