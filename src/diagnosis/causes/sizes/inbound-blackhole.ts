// The evidence of both inbound black-hole rules: sizes that were never received beside sizes that were.

import type { Facts } from "../../../facts/facts.ts";
import { FELT_MS } from "../../../facts/loss/thresholds.ts";
import type { Outcome } from "../../outcome.ts";
import { notChecked, rejected } from "../../outcome.ts";

/** What a hang at a size can be taken for, beside the other inbound cause and the same owner's outbound one. */
export const INBOUND_LOOK_ALIKES = [
  "tls-middlebox-reset",
  "port-filtered",
  "path-loss",
  "nrpt-only-vpn-dns",
] as const;

/** Null when the sizes prove a silent inbound limit; else why not. */
export function noInboundLimit(facts: Facts): Outcome | null {
  const { attempt, inbound } = facts;
  if (attempt === undefined) return notChecked("no connection was attempted");
  const last = attempt.stages.at(-1);
  const evidence = last === undefined ? [] : [last.id];
  if (inbound.hungIn === null) {
    if (last === undefined || last.stage === "connect") {
      return last?.result.kind === "ok"
        ? notChecked("no data was received on the connection")
        : notChecked("nothing was connected to, so no data could be received");
    }
    return rejected("the server's answer was received without a stall", evidence);
  }
  // A hang that ends sooner is PMTUD at work; RFC 4821 needs seconds.
  if (inbound.recoveredAfterMs !== null && inbound.recoveredAfterMs < FELT_MS) {
    const ms = Math.round(inbound.recoveredAfterMs);
    return rejected(
      `the stall recovered after ${ms} ms: the server was notified of the limit`,
      evidence,
    );
  }
  if (inbound.cached) {
    return rejected(
      "stalled connections recovered with smaller segments: the server was notified of the limit",
      inbound.evidence,
    );
  }
  if (inbound.everySizeHangs) {
    return rejected(
      "small segments stall as well, so it does not depend on size",
      inbound.evidence,
    );
  }
  if (inbound.interval.passed === null || inbound.interval.failed === null) {
    return notChecked("the sizes that pass and those that are lost could not be separated");
  }
  return null;
}

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
