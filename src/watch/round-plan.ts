// Which probes a round sends: one for each TTL up to the target, each over what that hop answered in the run.

import { isFromTarget, tracedAddress } from "../facts/connection/subject.ts";
import type { Probe } from "../model/hop.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { RoundProtocol } from "../model/watch.ts";
import type { Protocol } from "../schema/events/probe.ts";

export interface RoundProbe {
  readonly ttl: number;
  readonly protocol: Protocol;
  /** Sent with a TTL that reaches it from anywhere. */
  readonly isTarget: boolean;
}

/** UDP teaches most and costs its target least; a SYN is a connection to it. */
const ORDER: readonly Protocol[] = ["udp", "icmp", "tcp"];
/** Of a target of which no distance is known, and no router. */
const NEXT = 1;

/** Empty where the run has no address to send to. */
export function roundPlan(
  { path, diagnosis }: Pick<Snapshot, "path" | "diagnosis">,
  protocol: RoundProtocol,
): readonly RoundProbe[] {
  const target = tracedAddress(path);
  if (target === undefined) return [];
  const probes = path.probes.filter(({ address, flow }) => address === target && flow === 0);
  const answered = probes.filter(({ outcome }) => "rttMs" in outcome);
  const atTarget = answered.filter(({ outcome }) => isFromTarget(outcome, target));
  const hops = answered.filter(({ purpose }) => purpose === "hop");
  const reached = hops.filter((one) => atTarget.includes(one)).map(({ ttl }) => ttl);
  const drawn = diagnosis.chain.find(({ kind }) => kind === "destination")?.ttl ?? null;
  const routers = hops.filter(({ outcome }) => outcome.kind === "time-exceeded");
  const farthest = Math.max(0, ...routers.map(({ ttl }) => ttl));
  const last = reached.length > 0 ? Math.min(...reached) : (drawn ?? farthest + NEXT);
  return Array.from({ length: last }, (_, n) => n + 1).map((ttl) => {
    const isTarget = ttl === last;
    const of = isTarget ? atTarget : routers.filter((one) => one.ttl === ttl);
    return { ttl, isTarget, protocol: protocol === "auto" ? best(of) : protocol };
  });
}

function best(probes: readonly Probe[]): Protocol {
  return ORDER.find((one) => probes.some(({ protocol }) => protocol === one)) ?? "udp";
}
