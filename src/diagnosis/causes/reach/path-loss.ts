// Packets that are lost, whatever their size or only the large ones: measured, or by sizes out of order and by what TCP repeated.

import { repeatedWithEcn } from "../../../facts/connection/ecn.ts";
import type { Facts } from "../../../facts/facts.ts";
import { lossDrops } from "../../../facts/kernel/loss-drops.ts";
import { formatDrop } from "../../../facts/kernel/own-packets.ts";
import { isLossOpen, lossSigns, sizesLost } from "../../../facts/loss/loss.ts";
import {
  isLoss,
  isOfSynsAlone,
  type MeasuredLoss,
  measuredLoss,
} from "../../../facts/loss/loss-measurement.ts";
import { segmentLoss } from "../../../facts/loss/segment-loss.ts";
import {
  REPEATED_SYNS,
  SIGNS_WHEN_USER_VISIBLE,
  USER_VISIBLE_MS,
} from "../../../facts/loss/thresholds.ts";
import { cause } from "../../cause.ts";
import { deviceKind, hopKind } from "../../chain/kinds.ts";
import { between, type Location } from "../../locations.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { switchOff } from "../../tcp-options.ts";
import { say } from "../../words.ts";
import { OWN_STACK } from "../groups.ts";

export const pathLoss = cause({
  id: "path-loss",
  area: "reach",
  title: "Packets are lost on the path",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: [
    "ecn-lost",
    "ecmp-branch-broken",
    "new-connections-lost",
    "no-default-route",
    "gateway-unreachable",
    ...OWN_STACK,
  ],
  differentialCauses: ["pmtu-inbound-blackhole", "vpn-mtu-inbound-blackhole", "port-filtered"],
  needs: [],
  judge: (facts) => {
    const rounds = measuredLoss(facts.path);
    return (
      byRounds(facts, rounds) ??
      bySegments(facts) ??
      byEcn(facts) ??
      bySizes(facts) ??
      byRepeats(facts, rounds)
    );
  },
});

/** Undefined where no rounds were made, or they lost no more than a sound path does. */
function byRounds(facts: Facts, rounds: MeasuredLoss | null) {
  if (rounds === null || !isLoss(rounds)) return undefined;
  const { sent, lost, evidence } = rounds;
  const drops = dropsOf(facts);
  const limit = mayBeLimit(rounds);
  return fires({
    severity: failed(facts) ? "fault" : "warning",
    confidence: limit ? "candidate" : "measured",
    ...at(drops, locationOf(facts, rounds)),
    direction: null,
    summary: say("unanswered", {
      lost,
      sent,
      begins: beginOf(rounds),
      limit,
      drops: drops.dropped,
    }),
    evidence: [...evidence, ...drops.evidence],
    fixes: [],
  });
}

/** Whether the target alone may refuse them, as it answers nothing else that would be lost as well. */
function mayBeLimit({ start, distance, beside }: MeasuredLoss): boolean {
  return start !== null && start.toTtl === distance && beside.lost === beside.sent;
}

/** Where it starts: at one hop, or between two that the samples do not separate. */
function locationOf(facts: Facts, { start, distance }: MeasuredLoss): Location {
  if (start === null || distance === null) return { segment: null, between: null };
  const kind = (ttl: number) => (ttl >= distance ? "destination" : hopKind(facts, ttl));
  const { fromTtl, toTtl } = start;
  const near = fromTtl === toTtl ? kind(toTtl) : fromTtl <= 1 ? deviceKind(facts) : kind(fromTtl);
  return between(near, kind(toTtl));
}

/** The same for the sentence. */
function beginOf({ start, distance }: MeasuredLoss) {
  if (start === null || distance === null) return null;
  return { fromTtl: start.fromTtl, toTtl: start.toTtl, distance };
}

/** Whether the default attempt did not get its answer, for whatever reason. */
function failed({ attempt, inbound, reach }: Facts): boolean {
  if (reach.connect !== "passed") return true;
  const last = attempt?.stages.at(-1)?.result;
  const stopped = last?.kind === "no-reply" && inbound.recoveredAfterMs === null;
  return stopped && inbound.interval.failed === null;
}

/** Packets that this kernel itself dropped show where at least some of it happens. */
function dropsOf({ path }: Facts) {
  const { broken, noRoom } = lossDrops(path);
  const drops = [...noRoom, ...broken];
  const [first] = drops;
  return {
    dropped: first === undefined ? null : { count: drops.length, first: formatDrop(first) },
    // What is received corrupt was corrupt before; what finds no buffer is lost here.
    isHere: noRoom.length > 0,
    evidence: drops.map(({ id }) => id),
  };
}

function at(
  { isHere }: ReturnType<typeof dropsOf>,
  { segment, between: range }: Location,
): Location {
  return { segment: isHere ? "linux-stack" : segment, between: range };
}

/** Undefined where full and small segments were not compared, or are lost alike. */
function bySegments({ path }: Facts) {
  const measured = segmentLoss(path);
  if (measured === null || measured.lossy.length === 0) return undefined;
  const { large, small, lossy, from, evidence } = measured;
  const [one = "outbound", other] = lossy;
  return fires({
    severity: "warning",
    confidence: "measured",
    ...NOWHERE,
    direction: other === undefined ? one : "both",
    summary: say("large", {
      directions: lossy.map((towards) => ({
        towards,
        large: countOf(large[towards]),
        small: countOf(small[towards]),
      })),
      largeBytes: large.sizeBytes,
      smallBytes: small.sizeBytes,
      from,
    }),
    evidence,
    fixes: [],
  });
}

/** Undefined where ECN is not agreed on, or connections with it do not all lose data. */
function byEcn({ path }: Facts) {
  const repeated = repeatedWithEcn(path);
  if (repeated.length === 0) return undefined;
  return fires({
    severity: "warning",
    confidence: "inferred",
    ...NOWHERE,
    direction: null,
    summary: say("withEcn", { connections: repeated.length }),
    evidence: repeated.map(({ ended, id }) => ended?.id ?? id),
    fixes: [{ ...switchOff("ecn"), title: say("withoutEcn") }],
  });
}

/** Undefined where the sizes contradict nothing, or TCP recovered before it was user-visible. */
function bySizes(facts: Facts) {
  const { inbound } = facts;
  const { interval, recoveredAfterMs, evidence } = inbound;
  const repaired = recoveredAfterMs !== null && recoveredAfterMs < USER_VISIBLE_MS;
  const shown = sizesLost(facts.path, inbound);
  if (shown.length === 0 || repaired) return undefined;
  const lost = [...new Set(shown)].sort((a, b) => a - b);
  const fails = recoveredAfterMs === null && interval.failed === null;
  const drops = dropsOf(facts);
  return fires({
    severity: fails ? "fault" : "warning",
    confidence: "inferred",
    ...at(drops, NOWHERE),
    direction: null,
    fixes: [],
    summary: say("sizesStalled", { lost, passed: interval.passed, drops: drops.dropped }),
    evidence: [...evidence, ...drops.evidence],
  });
}

const NOWHERE: Location = { segment: null, between: null };

function byRepeats(facts: Facts, rounds: MeasuredLoss | null) {
  const { path, inbound } = facts;
  const { syns: all, repeats, data, userVisible, evidence } = lossSigns(path, inbound);
  const open = isLossOpen(path, inbound);
  const limited = open || (rounds !== null && isOfSynsAlone(rounds));
  const syns = limited ? 0 : all;
  const signs = (limited ? 0 : repeats) + data;
  const enough = (userVisible && signs >= SIGNS_WHEN_USER_VISIBLE) || syns >= REPEATED_SYNS;
  if (enough) {
    const drops = dropsOf(facts);
    return fires({
      severity: "warning",
      confidence: "inferred",
      ...at(drops, NOWHERE),
      direction: null,
      fixes: [],
      summary: say("retransmitted", { syns, data, userVisible, drops: drops.dropped }),
      evidence: [...evidence, ...drops.evidence],
    });
  }
  if (open) return notChecked(say("contradicted"));
  return rounds === null ? bySweep(facts) : besideRounds(rounds);
}

/** Where no rounds were made. */
function bySweep({ path, inbound }: Facts) {
  if (path.connections["mss-sweep"].length === 0) return notChecked(say("notMeasured"));
  if (sizesLost(path, inbound).length > 0) {
    const ms = Math.round(inbound.recoveredAfterMs ?? 0);
    return rejected(say("repaired", { ms }), inbound.evidence);
  }
  return inbound.interval.lost.length > 0
    ? rejected(say("onlyWaited"), inbound.evidence)
    : rejected(say("bySize"), inbound.evidence);
}

/** The rounds that were made show no loss of the path. */
function besideRounds(rounds: MeasuredLoss) {
  const { sent, lost, beside, slow, open, evidence } = rounds;
  if (!isOfSynsAlone(rounds)) {
    return rejected(say("answered", { answered: sent - lost, sent }), evidence);
  }
  const others = { slow: countOf(slow), beside: countOf(beside), open: countOf(open) };
  return rejected(say("ofRequests", { lost, sent, ...others }), evidence);
}

interface Count {
  readonly sent: number;
  readonly lost: number;
}

function countOf({ sent, lost }: Count) {
  return { sent, lost };
}
