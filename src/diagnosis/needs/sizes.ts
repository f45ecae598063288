// Needs about packet sizes: a limit in one direction that no host reports.

import type { Facts } from "../../facts/facts.ts";
import { USER_VISIBLE_MS } from "../../facts/loss/thresholds.ts";
import { largestSent } from "../../facts/size/full-size.ts";
import { untriedSizes } from "../../facts/size/untried-sizes.ts";
import type { StageResult } from "../../model/connections.ts";
import { notChecked, rejected } from "../outcome.ts";
import { asReported, sayNeed } from "../words.ts";
import { attempt } from "./connection.ts";
import { met } from "./met.ts";

/** Sizes that were never received beside sizes that were: a limit that nothing reports. */
export function inboundLimit(facts: Facts) {
  const { inbound } = facts;
  const tried = attempt(facts);
  if (tried.kind !== "met") return tried;
  const last = tried.value.stages.at(-1);
  const evidence = last === undefined ? [] : [last.id];
  if (inbound.balanced !== null) return met(true);
  if (inbound.hungIn === null) return unstalled(last);
  // A hang that ends sooner is PMTUD at work; RFC 4821 needs seconds.
  if (inbound.recoveredAfterMs !== null && inbound.recoveredAfterMs < USER_VISIBLE_MS) {
    const ms = Math.round(inbound.recoveredAfterMs);
    return rejected(sayNeed("recovered", { ms }), evidence);
  }
  if (inbound.cached) {
    return rejected(sayNeed("smallerSegments"), inbound.evidence);
  }
  if (inbound.everySizeHangs) {
    return rejected(sayNeed("everySizeStalls"), inbound.evidence);
  }
  if (inbound.interval.passed === null || inbound.interval.failed === null) {
    return undivided(facts);
  }
  return met(true);
}

function unstalled(last: StageResult | undefined) {
  if (last === undefined || last.stage === "connect") {
    return last?.result.kind === "ok"
      ? notChecked(sayNeed("noData"))
      : notChecked(sayNeed("noDataPossible"));
  }
  return rejected(sayNeed("noStall"), [last.id]);
}

function undivided({ path }: Facts) {
  const reason = untriedSizes(path);
  return notChecked(reason === null ? sayNeed("sizesMixed") : asReported({ reason }));
}

/** Whether outbound packets above some size are dropped silently, whatever sends them. */
export function hasSilentLimit({ outbound }: Facts): boolean {
  return outbound.estimate.silent && outbound.estimate.below !== null;
}

/**
 * The largest packet that TCP sends here, in bytes, when that stays below a silent limit: the MSS of
 * the far side, or a clamp on the path, keeps every transfer small enough. Null when it does not.
 */
export function tcpStaysBelow({ path, outbound }: Facts): number | null {
  const largest = largestSent(path);
  if (largest === null || outbound.estimate.basis === "tcp") return null;
  return largest <= (outbound.estimate.atLeast ?? 0) ? largest : null;
}

/** A silent outbound limit that TCP meets. */
export function outboundLimit(facts: Facts) {
  const { estimate, evidence } = facts.outbound;
  if (hasSilentLimit(facts)) {
    const largest = tcpStaysBelow(facts);
    if (largest === null) return met(true);
    return rejected(sayNeed("tcpStaysBelow", { largest }), evidence);
  }
  if (estimate.basis === "icmp" && estimate.below !== null) {
    return rejected(
      sayNeed("sendersNotified", { largest: estimate.bytes ?? estimate.below - 1 }),
      evidence,
    );
  }
  if (estimate.basis === "unknown") {
    return notChecked(sayNeed("noSizeAnswered", { reason: estimate.reason }));
  }
  if (estimate.reason !== null) {
    return notChecked(asReported({ reason: estimate.reason }));
  }
  return rejected(sayNeed("sizePasses", { bytes: estimate.bytes }), evidence);
}
