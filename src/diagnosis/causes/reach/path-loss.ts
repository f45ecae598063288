// Packets that are lost whatever their size: measured, or by sizes out of order and by what TCP repeated.

import type { Facts } from "../../../facts/facts.ts";
import { lossDrops } from "../../../facts/kernel/loss-drops.ts";
import { formatDrop } from "../../../facts/kernel/own-packets.ts";
import { lossSigns } from "../../../facts/loss/loss.ts";
import {
  isLoss,
  isOfSynsAlone,
  type MeasuredLoss,
  measuredLoss,
} from "../../../facts/loss/loss-measurement.ts";
import { FELT_MS, REPEATED_SYNS, SIGNS_WHEN_FELT } from "../../../facts/loss/thresholds.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { candidate, inferred, measured } from "../../confidence.ts";
import { between, type Location } from "../../locations.ts";
import { fires, notChecked, type Outcome, rejected } from "../../outcome.ts";
import { OWN_STACK } from "../groups.ts";

export const pathLoss = cause({
  id: "path-loss",
  area: "reach",
  title: "Packets are lost on the path regardless of their size",
  segment: null,
  severity: "warning",
  direction: null,
  dependsOn: ["ecmp-branch-broken", "no-default-route", "gateway-unreachable", ...OWN_STACK],
  differentialCauses: ["pmtu-inbound-blackhole", "vpn-mtu-inbound-blackhole", "port-filtered"],
  needs: [],
  judge: (facts) => {
    const rounds = measuredLoss(facts.path);
    const outcome = byRounds(facts, rounds) ?? bySizes(facts) ?? byRepeats(facts, rounds);
    return withDrops(facts, outcome);
  },
});

/** Undefined where no rounds were made, or they lost no more than a sound path does. */
function byRounds(facts: Facts, rounds: MeasuredLoss | null): Outcome | undefined {
  if (rounds === null || !isLoss(rounds)) return undefined;
  const { sent, lost, start, evidence } = rounds;
  const { location, words } = locationOf(facts, rounds);
  const sure = measured(start !== null && start.fromTtl === start.toTtl ? 0.95 : 0.85);
  const limit = mayBeLimit(rounds);
  const unsure = limit ? "; a limit there on new connections would look the same" : "";
  return fires({
    severity: failed(facts) ? "fault" : "warning",
    confidence: limit ? candidate(0.7) : sure,
    ...location,
    direction: null,
    summary: `${lost} of ${sent} connection requests got no answer${words}${unsure}`,
    evidence: evidence.slice(),
    fixes: [],
  });
}

/** Whether the target alone may refuse them, as it answers nothing else that would be lost as well. */
function mayBeLimit({ start, distance, beside }: MeasuredLoss): boolean {
  return start !== null && start.toTtl === distance && beside.lost === beside.sent;
}

/** Where it starts: at one hop, or between two that the samples do not separate. */
function locationOf(
  facts: Facts,
  { start, distance }: MeasuredLoss,
): { readonly location: Location; readonly words: string } {
  if (start === null || distance === null) {
    return { location: { segment: null, between: null }, words: "" };
  }
  const kind = (ttl: number) => (ttl >= distance ? "destination" : hopKind(facts, ttl));
  const { fromTtl, toTtl } = start;
  const near = fromTtl === toTtl ? kind(toTtl) : fromTtl <= 1 ? "linux-nic" : kind(fromTtl);
  const words = fromTtl === toTtl ? `hop ${fromTtl}` : `one of the hops ${fromTtl} to ${toTtl}`;
  return {
    location: between(near, kind(toTtl)),
    words: `; loss begins at ${words} and stays to the target at hop ${distance}`,
  };
}

/** Whether the default attempt did not get its answer, for whatever reason. */
function failed({ attempt, inbound, reach }: Facts): boolean {
  if (reach.connect !== "passed") return true;
  const last = attempt?.stages.at(-1)?.result;
  const stopped = last?.kind === "no-reply" && inbound.recoveredAfterMs === null;
  return stopped && inbound.interval.failed === null;
}

/** Packets that this kernel itself dropped show where at least some of it happens. */
function withDrops({ path }: Facts, outcome: Outcome): Outcome {
  if (outcome.kind !== "fires") return outcome;
  const { broken, noRoom } = lossDrops(path);
  const drops = [...noRoom, ...broken];
  const [first] = drops;
  if (first === undefined) return outcome;
  const { finding } = outcome;
  // What is received corrupt was corrupt before; what finds no buffer is lost here.
  const segment = noRoom.length > 0 ? ("linux-stack" as const) : finding.segment;
  return fires({
    ...finding,
    segment,
    summary: `${finding.summary}; this kernel dropped ${drops.length} of them: ${formatDrop(first)}`,
    evidence: [...finding.evidence, ...drops.map(({ id }) => id)],
  });
}

/** Undefined where the sizes contradict nothing, or TCP recovered before it was user-visible. */
function bySizes({ inbound }: Facts): Outcome | undefined {
  const { interval, recoveredAfterMs, evidence } = inbound;
  const repaired = recoveredAfterMs !== null && recoveredAfterMs < FELT_MS;
  if (interval.lost.length === 0 || repaired) return undefined;
  const lost = [...new Set(interval.lost)].sort((a, b) => a - b);
  const fails = recoveredAfterMs === null && interval.failed === null;
  return fires({
    severity: fails ? "fault" : "warning",
    confidence: inferred(Math.min(0.9, 0.5 + 0.1 * lost.length)),
    ...NOWHERE,
    summary: `connections that offer segments of ${lost.join(", ")} bytes stalled although ${interval.passed} bytes passed: packets are lost regardless of size`,
    evidence: evidence.slice(),
  });
}

const NOWHERE = { segment: null, between: null, direction: null, fixes: [] };

function byRepeats({ path, inbound }: Facts, rounds: MeasuredLoss | null): Outcome {
  const { syns: all, data, userVisible, evidence } = lossSigns(path, inbound);
  const limited = rounds !== null && isOfSynsAlone(rounds);
  const syns = limited ? 0 : all;
  const enough = (userVisible && syns + data >= SIGNS_WHEN_FELT) || syns >= REPEATED_SYNS;
  if (enough) {
    const reported = userVisible ? "; it delayed the attempt itself by a second or more" : "";
    return fires({
      severity: "warning",
      confidence: inferred(Math.min(0.8, 0.4 + 0.1 * (syns + data))),
      ...NOWHERE,
      summary: `TCP had to retransmit the SYN of ${syns} and data of ${data} connections, of sizes that pass${reported}`,
      evidence: evidence.slice(),
    });
  }
  if (rounds !== null) {
    const { sent, lost, beside, slow } = rounds;
    if (limited) {
      return rejected(
        `${lost} of ${sent} connection requests in quick succession got no answer, and after them ${slow.lost} of ${slow.sent} slow ones and ${beside.lost} of ${beside.sent} other probes to the target: a limit on new connections`,
        rounds.evidence,
      );
    }
    return rejected(`${sent - lost} of ${sent} connection requests were answered`, rounds.evidence);
  }
  if (path.connections["mss-sweep"].length === 0)
    return notChecked("nothing stalled and nothing was retransmitted, so loss was not measured");
  if (inbound.interval.lost.length > 0) {
    const ms = Math.round(inbound.recoveredAfterMs ?? 0);
    return rejected(`what was lost was retransmitted within ${ms} ms`, inbound.evidence);
  }
  return rejected("what failed was larger than all that passed", inbound.evidence);
}
