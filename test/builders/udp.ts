// UDP probes by hand: hops, sizes and controls with what came of them.

import type { UdpOutcome, UdpProbe } from "../../src/model/events/udp.ts";
import { TARGET } from "./events.ts";

/** A TTL that reaches the target. */
const FAR = 64;
const SMALL_BYTES = 36;
/** ICMP port unreachable (RFC 792). */
const PORT_UNREACHABLE = { type: 3, code: 3 } as const;

let cookies = 0;

export function udpProbe(outcome: UdpOutcome, more: Partial<UdpProbe> = {}): UdpProbe {
  cookies += 1;
  return {
    kind: "udp-probe",
    purpose: "hop",
    address: TARGET,
    ttl: FAR,
    sizeBytes: SMALL_BYTES,
    cookie: cookies,
    outcome,
    sentAtMs: 100,
    ...more,
  };
}

export const NO_REPLY: UdpOutcome = { kind: "no-reply", waitedMs: 250 };

export function fromTarget(address: string = TARGET): UdpOutcome {
  return { kind: "unreachable", from: address, ...PORT_UNREACHABLE, rttMs: 12, replyTtl: 60 };
}

export function exceeded(from: string): UdpOutcome {
  return { kind: "time-exceeded", from, rttMs: 5, replyTtl: 62 };
}

export function tooBig(from: string, mtu: number): UdpOutcome {
  return { kind: "too-big", from, mtu, rttMs: 4 };
}

/** Small probes to hop 1, 2, ...: a router's address, null for silence; then the target. */
export function hops(routers: readonly (string | null)[], target = true): readonly UdpProbe[] {
  const before = routers.map((from, n) =>
    udpProbe(from === null ? NO_REPLY : exceeded(from), { ttl: n + 1 }),
  );
  return target ? [...before, udpProbe(fromTarget(), { ttl: routers.length + 1 })] : before;
}

export function control(outcome: UdpOutcome = fromTarget()): UdpProbe {
  return udpProbe(outcome, { purpose: "control" });
}

export function size(sizeBytes: number, outcome: UdpOutcome, ttl = FAR): UdpProbe {
  return udpProbe(outcome, { purpose: "size", sizeBytes, ttl });
}
