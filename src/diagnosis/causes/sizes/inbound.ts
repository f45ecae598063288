// What both inbound black-hole rules saw, and how sure it makes them.

import type { Facts } from "../../../facts/facts.ts";

/** How sure the sizes alone make it: exact, with the out-of-order sign, or a bare range. */
export function inboundConfidence(facts: Facts): number {
  const { estimate, outOfOrder, interval } = facts.inbound;
  const loss = interval.lost.length > 0 ? 0.15 : 0;
  return (estimate.exact ? 0.95 : 0.85) + (outOfOrder ? 0.03 : 0) - loss;
}

/** What the connections of the sweep and the default attempt came to. */
export function inboundSeen({ inbound }: Facts) {
  const { interval, outOfOrder, hungIn, recoveredAfterMs } = inbound;
  return {
    passed: interval.passed,
    failed: interval.failed,
    outOfOrder,
    hungIn: hungIn === "tls" ? "tls" : "answer",
    recoveredAfterMs,
  } as const;
}

/** What this kernel saw of the attempt that hung: that the lost segments did not even reach the interface. */
export function inboundAtInterface({ path, attempt, inbound }: Facts) {
  const flow = path.kernel.flows.find((seen) => seen.attempt === attempt?.attempt);
  const largest = flow?.receivedMaxBytes ?? null;
  const whole = path.kernel.ended?.lost === 0;
  if (flow === undefined || largest === null || !whole) return NOT_SEEN;
  if (largest > (inbound.estimate.atLeast ?? 0)) return NOT_SEEN;
  return { seen: { device: flow.interface, largest }, evidence: [flow.id] };
}

const NOT_SEEN = { seen: null, evidence: [] } as const;
