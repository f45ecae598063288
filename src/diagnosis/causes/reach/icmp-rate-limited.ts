// Equal probes are only partly answered while no packet is lost on the path: a host rate-limits its ICMP.

import type { Facts } from "../../../facts/facts.ts";
import { fickleProbes } from "../../../facts/loss/loss.ts";
import { isLoss, measuredLoss } from "../../../facts/loss/loss-measurement.ts";
import { segmentLoss } from "../../../facts/loss/segment-loss.ts";
import type { Path } from "../../../model/path.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

/** Unanswered probes beside answered ones: a single one may be lost on the soundest path. */
const MIN_SILENT = 2;

export const icmpRateLimited = cause({
  id: "icmp-rate-limited",
  area: "reach",
  title: "A host answers only part of the probes, while no packet is lost on the path",
  segment: null,
  severity: "note",
  direction: null,
  dependsOn: [],
  differentialCauses: ["path-loss"],
  needs: [],
  judge: (facts) => {
    const fickle = fickleProbes(facts.path).filter(({ protocol }) => protocol !== "tcp");
    const silent = fickle.filter(({ outcome }) => outcome.kind === "no-reply");
    if (silent.length < MIN_SILENT) {
      const [seen] = facts.path.probes;
      return seen === undefined
        ? notChecked(say("noProbe"))
        : rejected(say("equalResults"), [seen.id]);
    }
    const measured = measuredLoss(facts.path);
    if (measured === null) return notChecked(say("mayBeLoss"));
    if (isLoss(measured) || measured.lost > 0) {
      return rejected(say("synsLostToo"), measured.evidence);
    }
    const segments = segmentLoss(facts.path);
    if (segments !== null && segments.lossy.length > 0) {
      return rejected(say("largeLost"), segments.evidence);
    }
    const waitedMs = Math.min(...silent.map(waitOf));
    if (slowestMs(facts) * SLOW >= waitedMs) {
      return notChecked(say("mayBeLate"));
    }
    const replied = fickle.length - silent.length;
    return fires({
      confidence: "inferred",
      segment: segmentOf(facts, fickle),
      between: null,
      direction: null,
      summary: say("found", { replied, probes: fickle.length, syns: measured.sent }),
      evidence: [...fickle.map(({ id }) => id), ...measured.evidence],
      fixes: [],
    });
  },
});

/** A round trip of a third of the wait, seen once, may well be longer another time. */
const SLOW = 3;

function waitOf({ outcome }: Path["probes"][number]): number {
  return outcome.kind === "no-reply" ? outcome.waitedMs : 0;
}

/** The longest round trip that anything in this run took. */
function slowestMs({ path }: Facts): number {
  const tcp = path.attempts.flatMap(({ stages, stalls, ended }) =>
    [...stages, ...stalls, ...(ended === null ? [] : [ended])].map(({ info }) => info?.rttMs ?? 0),
  );
  const probes = path.probes.map(({ outcome }) => ("rttMs" in outcome ? outcome.rttMs : 0));
  return Math.max(0, ...tcp, ...probes);
}

/** The answering host, where it is always the same. */
function segmentOf(facts: Facts, probes: Path["probes"]) {
  const kinds = probes.flatMap(({ outcome, ttl, address }) => {
    if (!("from" in outcome)) return [];
    return [outcome.from === address ? ("destination" as const) : hopKind(facts, ttl)];
  });
  const [first = null, ...others] = [...new Set(kinds)];
  return others.length === 0 ? first : null;
}
