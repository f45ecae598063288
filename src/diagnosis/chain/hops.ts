// The hops that TTL probes showed: who answered at which TTL, and where the target itself did.

import type { ProbeSent } from "../../model/events/probe.ts";
import type { Seen } from "../../model/path.ts";
import { isFromTarget, tracedAddress } from "../../model/subject.ts";
import type { Facts } from "../rule.ts";

export interface Hop {
  readonly ttl: number;
  /** Null for a silent hop. */
  readonly from: string | null;
  readonly evidence: readonly string[];
}

export interface Hops {
  /** Routers before the target, silent ones between answering ones included. */
  readonly routers: readonly Hop[];
  readonly target: Hop | null;
}

export function hopsOf({ path }: Facts): Hops {
  const address = tracedAddress(path);
  const probes = path.probes.filter(
    (probe) => probe.address === address && probe.purpose === "hop",
  );
  const reached = probes
    .filter((probe) => isFromTarget(probe.outcome, probe.address))
    .sort((a, b) => a.ttl - b.ttl)[0];
  const answering = probes.filter(({ outcome }) => outcome.kind === "time-exceeded");
  const last = Math.max(0, ...answering.map(({ ttl }) => ttl));
  const end = reached === undefined ? last : reached.ttl - 1;
  const routers = Array.from({ length: end }, (_, n) => hopAt(n + 1, probes));
  const target =
    reached === undefined
      ? null
      : { ttl: reached.ttl, from: reached.address, evidence: [reached.id] };
  return { routers, target };
}

function hopAt(ttl: number, probes: readonly Seen<ProbeSent>[]): Hop {
  const here = probes.filter((probe) => probe.ttl === ttl);
  const answered = here.find(({ outcome }) => outcome.kind === "time-exceeded");
  const from = answered && "from" in answered.outcome ? answered.outcome.from : null;
  return { ttl, from, evidence: answered === undefined ? here.map(({ id }) => id) : [answered.id] };
}
