// Needs about packet sizes: a limit in one direction that no host reports.

import { lastInfo, sentBytes } from "../../facts/connection/attempt.ts";
import type { Facts } from "../../facts/facts.ts";
import { FELT_MS } from "../../facts/loss/thresholds.ts";
import { notChecked, rejected } from "../outcome.ts";
import { attempt } from "./connection.ts";
import { type MetOr, met } from "./met.ts";

/** Sizes that were never received beside sizes that were: a limit that nothing reports. */
export function inboundLimit(facts: Facts): MetOr<true> {
  const { inbound } = facts;
  const tried = attempt(facts);
  if (tried.kind !== "met") return tried;
  const last = tried.value.stages.at(-1);
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
  return met(true);
}

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

/** A silent outbound limit that TCP meets. */
export function outboundLimit(facts: Facts): MetOr<true> {
  const { estimate, evidence } = facts.outbound;
  if (hasSilentLimit(facts)) {
    const largest = tcpStaysBelow(facts);
    if (largest === null) return met(true);
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
