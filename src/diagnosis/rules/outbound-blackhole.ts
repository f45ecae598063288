// What both outbound black-hole rules stand on: a size limit on the way out that nobody reports.

import type { Outcome } from "../rule.ts";
import { type Facts, notChecked, rejected } from "../rule.ts";

/** Null when a silent outbound limit is proven; else why not. */
export function noOutboundLimit({ outbound }: Facts): Outcome | null {
  const { estimate, evidence } = outbound;
  if (estimate.silent && estimate.below !== null) return null;
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
  return outbound.estimate.exact ? 0.95 : outbound.estimate.basis === "tcp" ? 0.85 : 0.75;
}
