// The evidence of both outbound black-hole rules: an outbound size limit that no host reports.

import { lastInfo, sentBytes } from "../../../facts/connection/attempt.ts";
import type { Facts } from "../../../facts/facts.ts";
import type { Outcome } from "../../outcome.ts";
import { notChecked, rejected } from "../../outcome.ts";

/** Whether outbound packets above some size are dropped silently, whatever sends them. */
export function hasSilentLimit({ outbound }: Facts): boolean {
  return outbound.estimate.silent && outbound.estimate.below !== null;
}

/**
 * The largest packet that TCP sends here, in bytes, when that stays below a silent limit: the MSS of
 * the far side, or a clamp on the path, keeps every transfer small enough. Null when it does not.
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
      `TCP sends no more than ${largest} bytes here, so no transfer is affected`,
      evidence,
    );
  }
  if (estimate.basis === "icmp" && estimate.below !== null) {
    return rejected(
      `packets over ${estimate.bytes ?? estimate.below - 1} bytes are answered with fragmentation needed (IPv6: packet too big), so senders are notified`,
      evidence,
    );
  }
  if (estimate.basis === "unknown") {
    return notChecked(estimate.reason ?? "no outbound size was answered");
  }
  if (estimate.reason !== null) return notChecked(estimate.reason);
  return rejected(`packets of ${estimate.bytes} bytes pass on the outbound path`, evidence);
}

export function outboundConfidence({ outbound }: Facts): number {
  if (outbound.estimate.exact) return 0.95;
  return outbound.estimate.basis === "tcp" ? 0.85 : 0.75;
}
