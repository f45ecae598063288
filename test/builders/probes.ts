// UDP probes by hand: hops, sizes and controls with what came of them.

import type { ProbeOutcome, ProbeSent } from "../../src/schema/events/probe.ts";
import { TARGET } from "./events.ts";

/** A TTL that reaches the target. */
const FAR = 64;
const SMALL_BYTES = 36;
/** ICMP port unreachable (RFC 792). */
const PORT_UNREACHABLE = { type: 3, code: 3 } as const;

let cookies = 0;

export function probeSent(outcome: ProbeOutcome, more: Partial<ProbeSent> = {}): ProbeSent {
  cookies += 1;
  return {
    kind: "probe",
    protocol: "udp",
    purpose: "hop",
    address: TARGET,
    flow: 0,
    ttl: FAR,
    sizeBytes: SMALL_BYTES,
    cookie: cookies,
    outcome,
    labels: [],
    quote: null,
    sentAtMs: 100,
    ...more,
  };
}

export const NO_REPLY: ProbeOutcome = { kind: "no-reply", waitedMs: 250 };

export function fromTarget(address: string = TARGET): ProbeOutcome {
  return { kind: "unreachable", from: address, ...PORT_UNREACHABLE, rttMs: 12, replyTtl: 60 };
}

export function exceeded(from: string): ProbeOutcome {
  return { kind: "time-exceeded", from, rttMs: 5, replyTtl: 62 };
}

export function reportedTooBig(from: string, mtu: number): ProbeOutcome {
  return { kind: "too-big", from, mtu, rttMs: 4 };
}

/** Small probes to hop 1, 2, ...: a router's address, null for silence; then the target. */
export function hops(routers: readonly (string | null)[], target = true): readonly ProbeSent[] {
  const before = routers.map((from, n) =>
    probeSent(from === null ? NO_REPLY : exceeded(from), { ttl: n + 1 }),
  );
  return target ? [...before, probeSent(fromTarget(), { ttl: routers.length + 1 })] : before;
}

export function control(outcome: ProbeOutcome = fromTarget()): ProbeSent {
  return probeSent(outcome, { purpose: "control" });
}

export function size(sizeBytes: number, outcome: ProbeOutcome, ttl = FAR): ProbeSent {
  return probeSent(outcome, { purpose: "size", sizeBytes, ttl });
}
