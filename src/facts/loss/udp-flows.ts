// UDP flows of one target: the routers that each of them meets, and flows that nobody sees from some TTL on.

import { hopTable, type Probe } from "../../model/hop.ts";
import type { Path } from "../../model/path.ts";
import { isFromTarget, tracedAddress } from "../connection/subject.ts";
import { perPath } from "../per-path.ts";
import { deadBeyondLoss, strongest } from "./loss-inference.ts";

/** A router that flows met at one TTL. */
export interface Branch {
  readonly address: string;
  readonly flows: readonly number[];
}

export interface UdpFlow {
  readonly flow: number;
  readonly sourcePort: number | null;
  /** The farthest TTL that answered, and who did; TTL 0 is this machine. */
  readonly lastTtl: number;
  readonly lastFrom: string | null;
  /** The target itself answered. */
  readonly reached: boolean;
  /** Probes beyond it, to TTLs at which other flows are answered. */
  readonly missed: number;
  readonly evidence: readonly string[];
}

export interface UdpFlows {
  readonly flows: readonly UdpFlow[];
  readonly dead: readonly UdpFlow[];
  /** Whether some flows end early, others do not, and loss does not explain it. */
  readonly isDeadBranch: boolean;
}

/** The UDP flows of the traced address, the run's own too; no flows where only that was sent. */
export const udpFlows = perPath("udpFlows", computeUdpFlows);

function computeUdpFlows(path: Path): UdpFlows {
  const probes = hopProbes(path);
  const numbers = [...new Set(probes.map(({ flow }) => flow))];
  if (numbers.length < 2) return { flows: [], dead: [], isDeadBranch: false };
  const replied = repliedTtls(probes);
  const flows = numbers.map((flow) => flowOf(flow, probes, replied));
  const end = Math.max(...replied);
  const counted = probes.filter(({ ttl }) => replied.has(ttl));
  const dead = deadFlows(flows, counted, end);
  if (dead !== null) return { flows, dead, isDeadBranch: true };
  const silent = flows.filter((flow) => !isThrough(flow, end) && flow.missed > 0);
  return { flows, dead: silent, isDeadBranch: false };
}

/** Routers by TTL as the flows met them. */
export function branchesAt(path: Path, ttl: number): readonly Branch[] {
  const hop = udpHops(path).find((one) => one.ttl === ttl);
  const replies = (hop?.replies ?? []).filter(({ rewritten }) => !rewritten);
  const addresses = [...new Set(replies.map(({ from }) => from))];
  return addresses.map((address) => {
    const flows = replies.flatMap(({ from, flow }) => (from === address ? [flow] : []));
    return { address, flows: [...new Set(flows)].sort((a, b) => a - b) };
  });
}

/** As far as any flow is seen: to the target, or to the last router that answers. */
function isThrough({ lastTtl, reached }: UdpFlow, end: number): boolean {
  return reached || lastTtl === end;
}

const hopProbes = perPath("hopProbes", (path): readonly Probe[] => {
  const address = tracedAddress(path);
  return [...path.probes, ...path.flowProbes].filter(
    (probe) => probe.purpose === "hop" && probe.protocol === "udp" && probe.address === address,
  );
});

const udpHops = perPath("udpHops", (path) => hopTable(hopProbes(path)));

function hasReplied({ outcome, address }: Probe): boolean {
  return outcome.kind === "time-exceeded" || isFromTarget(outcome, address);
}

function repliedTtls(probes: readonly Probe[]): ReadonlySet<number> {
  return new Set(probes.filter(hasReplied).map(({ ttl }) => ttl));
}

function flowOf(flow: number, probes: readonly Probe[], replied: ReadonlySet<number>): UdpFlow {
  const own = probes.filter((probe) => probe.flow === flow);
  const answered = own.filter(hasReplied);
  const lastTtl = Math.max(0, ...answered.map(({ ttl }) => ttl));
  const last = answered.find(({ ttl }) => ttl === lastTtl);
  const missing = own.filter(({ ttl }) => ttl > lastTtl && replied.has(ttl));
  return {
    flow,
    sourcePort: own.find(({ sourcePort }) => sourcePort !== undefined)?.sourcePort ?? null,
    lastTtl,
    lastFrom: last !== undefined && "from" in last.outcome ? last.outcome.from : null,
    reached: own.some(({ outcome, address }) => isFromTarget(outcome, address)),
    missed: missing.length,
    evidence: [...(last === undefined ? [] : [last.id]), ...missing.map(({ id }) => id)],
  };
}

/**
 * Those that nobody sees beyond some TTL, where loss does not explain it; null without any.
 * @param probes to TTLs at which somebody replies
 */
function deadFlows(
  flows: readonly UdpFlow[],
  probes: readonly Probe[],
  end: number,
): readonly UdpFlow[] | null {
  const early = flows.filter((flow) => !isThrough(flow, end));
  const starts = [...new Set(early.map(({ lastTtl }) => lastTtl))];
  const found = starts.flatMap((from) => {
    const counts = flows.map((flow) => countBeyond(from, flow, probes));
    const isSilent = ({ flow }: Counted) => early.includes(flow) && flow.lastTtl <= from;
    const others = counts.filter((one) => !isSilent(one));
    return deadBeyondLoss(counts.filter(isSilent), others, end) ?? [];
  });
  return strongest(found)?.flows.map(({ flow }) => flow) ?? null;
}

interface Counted {
  readonly flow: UdpFlow;
  readonly missed: number;
  readonly answered: number;
}

function countBeyond(from: number, flow: UdpFlow, probes: readonly Probe[]): Counted {
  const own = probes.filter((probe) => probe.flow === flow.flow && probe.ttl > from);
  const answered = own.filter(hasReplied).length;
  return { flow, missed: own.length - answered, answered };
}
