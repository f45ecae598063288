// Outbound limits that ICMP errors name: in what a probe got back, and in what the kernel took from one for a connection.

import type { Attempt } from "../../model/connections.ts";
import type { Probe } from "../../model/hop.ts";
import { lastInfo } from "../connection/attempt.ts";

/** No link has less (RFC 791 s.3.2); a message that names less is wrong or of before RFC 1191. */
const MIN_IPV4_MTU = 68;
/** What the kernel takes where a message names less, or nothing (net/ipv4/route.c, DEFAULT_MIN_PMTU): no limit of the path. */
const MIN_KERNEL_PMTU = 552;

/**
 * The smallest MTU that an ICMP error named. A message is not believed when a packet of the
 * size that it refused got through all the same (RFC 8899 s.4.6.1: verify before use).
 */
export function believed(
  probes: readonly Probe[],
  passed: number,
): { readonly mtu: number; readonly below: number; readonly from: string } | undefined {
  const reported = probes.flatMap((probe) =>
    probe.outcome.kind === "too-big" && probe.sizeBytes > passed
      ? [{ mtu: probe.outcome.mtu, below: probe.sizeBytes, from: probe.outcome.from }]
      : [],
  );
  const sane = reported.filter(
    ({ mtu, below }) => mtu >= MIN_IPV4_MTU && mtu < below && mtu >= passed,
  );
  const mtu = Math.min(...sane.map((one) => one.mtu));
  const nearest = sane.filter((one) => one.mtu === mtu).sort((a, b) => a.below - b.below)[0];
  return nearest;
}

/**
 * Probes that a router of before RFC 1191 refused: its message has 0 where others name the MTU, and shows
 * no more than that the size did not fit (RFC 1191 s.5).
 */
export function refusedUnnamed(probes: readonly Probe[]): readonly Probe[] {
  return probes.filter(({ outcome }) => outcome.kind === "too-big" && outcome.mtu < MIN_IPV4_MTU);
}

/**
 * The smallest that the kernel made of an ICMP error for a connection that had sent in full size: it has a smaller PMTU than
 * the route had before.
 */
export function notified(sweep: readonly Attempt[], routeMtu: number | null) {
  if (routeMtu === null) return undefined;
  const known = sweep.flatMap((attempt) => {
    const info = lastInfo(attempt);
    if (info === null || info.pmtu >= routeMtu || info.pmtu <= MIN_KERNEL_PMTU) return [];
    return [{ mtu: info.pmtu, id: attempt.ended?.id ?? attempt.id }];
  });
  return known.sort((a, b) => a.mtu - b.mtu)[0];
}
