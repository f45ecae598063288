// UDP flows beside the run's own, hop by hop: where routers balance by ports, each may take another path.

import { isFromTarget } from "../../src/facts/connection/subject.ts";
import { udpFlows } from "../../src/facts/loss/udp-flows.ts";
import type { Path } from "../../src/model/path.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { ProbeSent } from "../../src/schema/events/probe.ts";
import type { ProbeSender } from "../probe-sender.ts";

export interface UdpFlow {
  readonly flow: number;
  readonly send: ProbeSender;
  readonly smallestBytes: number;
}

/**
 * Routers answer a few probes at once and then about one a second (Linux: net.ipv4.icmp_ratelimit,
 * 6 and then 1000 ms), whichever flow they belong to: so each TTL is probed by one flow in a turn.
 */
const TURN_MS = 1050;
/** At once in the first turn, as part of the burst went to the run's own flow. Silent flows later: where they are dead they cost no answer. */
const AT_ONCE = 3;
/** A flow's probe to one TTL is repeated once: a lost answer must not look like another path. */
const ATTEMPTS = 2;
/** At the farthest TTL that answers, where a flow's silence has to be distinguished from loss. */
const ATTEMPTS_AT_END = 8;
/** How far other flows are followed beyond the last router that the run's own flow met. */
const BEYOND = 5;
/** Turns without any answer after which a hop counts as silent, until a flow takes a path that none took before. */
const SILENT_TURNS = 2;

interface Waiting {
  readonly flow: UdpFlow;
  readonly attempts: number;
}

interface Hop {
  readonly ttl: number;
  left: readonly Waiting[];
  hasReplied: boolean;
  silentTurns: number;
}

/**
 * Probes every TTL up to the target with every flow; replies are reported as events.
 * @param options.untilDecided ends as soon as some flows are known to be dead
 */
export async function sendFlows(
  flows: readonly UdpFlow[],
  { clock, signal, path }: ProbeContext,
  options: { readonly untilDecided: boolean },
): Promise<void> {
  const replied = repliedTtls(path());
  let hops = ttlsOf(path()).map(
    (ttl): Hop => ({
      ttl,
      left: flows.map((flow) => ({ flow, attempts: 0 })),
      hasReplied: replied.has(ttl),
      silentTurns: 0,
    }),
  );
  let met = routersMet(path());
  for (let first = true; hops.some(isOpen) && !signal.aborted; first = false) {
    const startedMs = clock.now();
    const end = reachedTtl(path()) ?? hops.length;
    hops = hops.filter(({ ttl }) => ttl <= end);
    await Promise.all(
      hops
        .filter(isOpen)
        .map((hop) => sendToHop(hop, first, hop.ttl === end ? ATTEMPTS_AT_END : ATTEMPTS)),
    );
    if (options.untilDecided && udpFlows(path()).isDeadBranch) return;
    const known = met;
    met = routersMet(path());
    const fork = Math.min(...[...met].flatMap(([at, ttl]) => (known.has(at) ? [] : [ttl])));
    for (const hop of hops) if (hop.ttl > fork) hop.silentTurns = 0;
    const restMs = TURN_MS - (clock.now() - startedMs);
    if (hops.some(isOpen) && restMs > 0) await clock.sleep(restMs);
  }
}

function isOpen({ left, hasReplied: replied, silentTurns }: Hop): boolean {
  return left.length > 0 && (replied || silentTurns < SILENT_TURNS);
}

async function sendToHop(hop: Hop, first: boolean, attemptsMax: number): Promise<void> {
  const fresh = hop.left.filter(({ attempts }) => attempts === 0).slice(0, first ? AT_ONCE : 1);
  const again = hop.left.filter(({ attempts }) => attempts > 0).slice(0, AT_ONCE);
  const now = fresh.length > 0 ? fresh : again;
  const silent = await Promise.all(
    now.map(async ({ flow, attempts }) => {
      const probe = { purpose: "hop" as const, ttl: hop.ttl, sizeBytes: flow.smallestBytes };
      const [results] = await flow.send([probe], TURN_MS);
      const isSilent = results === undefined || results.outcome.kind === "no-reply";
      return isSilent ? [{ flow, attempts: attempts + 1 }] : [];
    }),
  );
  const unanswered = silent.flat();
  hop.left = [
    ...hop.left.filter((one) => !now.includes(one)),
    ...unanswered.filter(({ attempts }) => attempts < attemptsMax),
  ];
  const replied = unanswered.length < now.length;
  hop.hasReplied ||= replied;
  hop.silentTurns = replied ? 0 : hop.silentTurns + 1;
}

/** TTLs at which the run's own flow was answered, by anybody. */
function repliedTtls(path: Path): ReadonlySet<number> {
  const hops = path.probes.filter(isHop).filter(({ outcome }) => "from" in outcome);
  return new Set(hops.map(({ ttl }) => ttl));
}

/** Every TTL that the run's own flow was answered at, and some more where it did not reach the target. */
function ttlsOf(path: Path): readonly number[] {
  const hops = path.probes.filter(isHop);
  const routers = hops.filter(({ outcome }) => outcome.kind === "time-exceeded");
  const last = Math.max(0, ...routers.map(({ ttl }) => ttl));
  const end = reachedTtl(path) ?? last + BEYOND;
  return Array.from({ length: end }, (_, n) => n + 1);
}

/** Every router at its TTL, with that TTL. */
function routersMet(path: Path): ReadonlyMap<string, number> {
  const met = [...path.probes, ...path.flowProbes].filter(isHop).flatMap(({ outcome, ttl }) => {
    if (outcome.kind !== "time-exceeded") return [];
    return [[`${ttl} ${outcome.from}`, ttl] as const];
  });
  return new Map(met);
}

/** The nearest TTL at which any flow met the target; null without one. */
function reachedTtl(path: Path): number | null {
  const ttls = [...path.probes, ...path.flowProbes]
    .filter(isHop)
    .flatMap(({ outcome, address, ttl }) => (isFromTarget(outcome, address) ? [ttl] : []));
  return ttls.length === 0 ? null : Math.min(...ttls);
}

function isHop({ purpose, protocol }: ProbeSent): boolean {
  return purpose === "hop" && protocol === "udp";
}
