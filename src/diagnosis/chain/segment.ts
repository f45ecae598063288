// One link of the chain before anything is known of it.

import type { Segment } from "../../schema/verdict.ts";

/** A segment before anything was concluded about it. */
export function blank(kind: Segment["kind"], name: string, facts: Partial<Segment> = {}): Segment {
  return {
    kind,
    name,
    address: null,
    mtu: null,
    ttl: null,
    rttMs: null,
    branches: [],
    inferred: false,
    outbound: "unknown",
    inbound: "unknown",
    reason: null,
    evidence: [],
    ...facts,
  };
}
