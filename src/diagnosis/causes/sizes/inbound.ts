// What both inbound black-hole rules say of their evidence, and how sure it makes them.

import type { Facts } from "../../../facts/facts.ts";

/** How sure the sizes alone make it: exact, with the out-of-order sign, or a bare range. */
export function inboundConfidence(facts: Facts): number {
  const { estimate, outOfOrder, interval } = facts.inbound;
  const loss = interval.lost.length > 0 ? 0.15 : 0;
  return (estimate.exact ? 0.95 : 0.85) + (outOfOrder ? 0.03 : 0) - loss;
}

/** The observation as a sentence. */
export function inboundSeen(facts: Facts): string {
  const { interval, outOfOrder, hungIn, recoveredAfterMs } = facts.inbound;
  const stage = hungIn === "tls" ? "the TLS handshake" : "the answer";
  const hang =
    recoveredAfterMs === null
      ? `${stage} was never received`
      : `${stage} was received only after ${(recoveredAfterMs / 1000).toFixed(1)} s`;
  const sign = outOfOrder ? ", while a smaller segment after them was received" : "";
  return `connections that offer segments of up to ${interval.passed} bytes finish, those that offer ${interval.failed} lose every full-size segment${sign}; by default ${hang}`;
}

/** What this kernel saw of the attempt that hung: that the lost segments did not even reach the interface. */
export function inboundAtInterface({ path, attempt, inbound }: Facts): {
  readonly words: string;
  readonly evidence: readonly string[];
} {
  const flow = path.kernel.flows.find((seen) => seen.attempt === attempt?.attempt);
  const largest = flow?.receivedMaxBytes ?? null;
  const whole = path.kernel.ended?.lost === 0;
  if (flow === undefined || largest === null || !whole) return { words: "", evidence: [] };
  if (largest > (inbound.estimate.atLeast ?? 0)) return { words: "", evidence: [] };
  const words = `; ${flow.interface ?? "the interface"} itself received nothing of it above ${largest} bytes`;
  return { words, evidence: [flow.id] };
}
