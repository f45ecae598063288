// Whether ICMP messages come back at all, and whether silence may be no more than a router's rate limit.

import type { Probe } from "../../model/hop.ts";
import { perPath } from "../per-path.ts";
import { isUserModeNat } from "../vantage.ts";
import { targetProbes } from "./probes.ts";

/**
 * Linux routers send each address one ICMP error a second once six are used up (net/ipv4/icmp.c, inet_peer_xrlim_allow),
 * and earlier runs or other programs may have used them up. Probes sent within less time show nothing.
 */
const TOKEN_MS = 1000;

/** So many unanswered UDP and echo probes are no accident. */
const MIN_SILENT = 3;

export interface MuteFacts {
  /** A probe that got an ICMP message, or an answer that is none of TCP's. */
  readonly reported: Probe | null;
  /** UDP and echo probes without any answer, in the order of sending. */
  readonly silent: readonly Probe[];
  /** Whether enough of them are silent to be no accident. */
  readonly isMany: boolean;
  /** Whether they were sent at once, so that a limit on ICMP messages explains all of them; a user-mode NAT is known to pass none. */
  readonly mayBeLimit: boolean;
}

export const muteFacts = perPath("muteFacts", (path): MuteFacts => {
  const probes = targetProbes(path);
  const silent = probes.filter(
    ({ protocol, outcome }) => protocol !== "tcp" && outcome.kind === "no-reply",
  );
  const times = silent.map(({ sentAtMs }) => sentAtMs);
  return {
    reported: probes.find(isReported) ?? null,
    silent,
    isMany: silent.length >= MIN_SILENT,
    mayBeLimit: !isUserModeNat(path) && Math.max(...times) - Math.min(...times) < TOKEN_MS,
  };
});

function isReported({ outcome }: Probe): boolean {
  if (outcome.kind === "reply") return outcome.with === "echo-reply" || outcome.with === "data";
  return ["time-exceeded", "unreachable", "too-big"].includes(outcome.kind);
}
