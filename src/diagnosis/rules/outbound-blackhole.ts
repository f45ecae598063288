// What both outbound black-hole rules stand on: a size limit on the way out that nobody reports.

import { lastInfo, sentBytes } from "../../facts/connection/attempt.ts";
import type { Outcome } from "../rule.ts";
import { type Facts, notChecked, rejected } from "../rule.ts";

/** Whether packets above some size vanish on the way out without a word, whoever sends them. */
export function hasSilentLimit({ outbound }: Facts): boolean {
  return outbound.estimate.silent && outbound.estimate.below !== null;
}

/**
 * The largest packet that TCP sends here, in bytes, when that stays below a silent limit: the MSS of
 * the far side, or a clamp on the way, keeps every transfer small enough. Null when it does not.
 */
export function tcpStaysBelow({ attempt, outbound }: Facts): number | null {
  const info = attempt === undefined ? null : lastInfo(attempt);
  if (attempt === undefined || info === null || outbound.estimate.basis === "tcp") return null;
  const largest = sentBytes(info, attempt.family);
  return largest <= (outbound.estimate.atLeast ?? 0) ? largest : null;
}

/** Null when a silent outbound limit that TCP meets is proven; else why not. */
export function noOutboundLimit(facts: Facts): Outcome | null {
  const { estimate, evidence } = facts.outbound;
  if (hasSilentLimit(facts)) {
    const largest = tcpStaysBelow(facts);
    if (largest === null) return null;
    return rejected(
      `TCP sends no more than ${largest} bytes here, so no transfer meets it`,
      evidence,
    );
  }
  if (estimate.basis === "icmp" && estimate.below !== null) {
    return rejected(
      `packets over ${estimate.bytes ?? estimate.below - 1} bytes are refused with a too-big message, so senders learn of it`,
      evidence,
    );
  }
  if (estimate.basis === "unknown") {
    return notChecked(estimate.reason ?? "no outbound size was answered");
  }
  if (estimate.reason !== null) return notChecked(estimate.reason);
  return rejected(`packets of ${estimate.bytes} bytes pass on the way out`, evidence);
}

export function outboundConfidence({ outbound }: Facts): number {
  if (outbound.estimate.exact) return 0.95;
  return outbound.estimate.basis === "tcp" ? 0.85 : 0.75;
}
