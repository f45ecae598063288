// How sure the evidence of both outbound black-hole rules makes them.

import type { Facts } from "../../../facts/facts.ts";

export function outboundConfidence({ outbound }: Facts): number {
  if (outbound.estimate.exact) return 0.95;
  return outbound.estimate.basis === "tcp" ? 0.85 : 0.75;
}
