// Some flows are always lost, others never: one of several equal-cost paths is dead.

import type { Facts } from "../../../facts/facts.ts";
import {
  endsAtHop,
  isDefaultUnheard,
  lastSeenBy,
  type TcpFlow,
  tcpFlows,
} from "../../../facts/loss/tcp-flows.ts";
import { type UdpFlow, udpFlows } from "../../../facts/loss/udp-flows.ts";
import { cause } from "../../cause.ts";
import { hopKind } from "../../chain/kinds.ts";
import { fires, notChecked, rejected } from "../../outcome.ts";
import { say } from "../../words.ts";

export const ecmpBranchBroken = cause({
  id: "ecmp-branch-broken",
  area: "reach",
  title: "One of several equal-cost paths is dead: some connections always fail",
  segment: null,
  severity: "warning",
  direction: null,
  // In a loop the same routers answer at many TTLs, and their ICMP rate limit decides which ones reply.
  dependsOn: ["routing-loop", "gateway-unreachable"],
  differentialCauses: ["path-loss", "new-connections-lost", "port-filtered"],
  needs: [],
  judge: (facts) => {
    const tcp = tcpFlows(facts.path);
    const udp = udpFlows(facts.path);
    if (tcp.isDeadBranch && endsAtHop(facts.path)) return byPorts(facts);
    if (udp.isDeadBranch) return byHops(facts);
    if (tcp.isDeadBranch) return rejected(say("endsAtTarget"), evidenceOf(tcp.flows));
    if (tcp.flows.length === 0 && udp.flows.length === 0) {
      return notChecked(say("onePort"));
    }
    if (tcp.passing.length === 0) return notChecked(say("noneAnswered"));
    return tcp.flows.some(({ missed }) => missed > 0)
      ? rejected(say("lossExplains"), evidenceOf(tcp.flows))
      : rejected(say("allAnswered", { count: tcp.passing.length }), evidenceOf(tcp.flows));
  },
});

/** SYNs to the very port that is wanted. */
function byPorts(facts: Facts) {
  const { flows, dead } = tcpFlows(facts.path);
  const end = lastSeenBy(facts.path);
  return found(facts, {
    flows: { protocol: "tcp", dead: dead.length, all: flows.length, beyondTtl: null },
    ports: portsOf(dead),
    attempts: attempts(dead),
    end,
    evidence: [...evidenceOf(flows), ...(end === null ? [] : [end.id])],
  });
}

/** UDP, where SYNs from one port take changing paths. */
function byHops(facts: Facts) {
  const { flows, dead } = udpFlows(facts.path);
  const nearest = Math.min(...dead.map(({ lastTtl }) => lastTtl));
  const [first] = dead.filter(({ lastTtl }) => lastTtl === nearest);
  const from = first?.lastFrom ?? null;
  return found(facts, {
    flows: { protocol: "udp", dead: dead.length, all: flows.length, beyondTtl: nearest },
    ports: portsOf(dead),
    attempts: attempts(dead),
    end: from === null ? null : { ttl: nearest, from },
    evidence: evidenceOf(flows),
  });
}

interface DeadFlows {
  readonly flows: {
    readonly protocol: "tcp" | "udp";
    readonly dead: number;
    readonly all: number;
    readonly beyondTtl: number | null;
  };
  readonly ports: readonly number[];
  readonly attempts: number;
  readonly end: { readonly ttl: number; readonly from: string } | null;
  readonly evidence: readonly string[];
}

function found(facts: Facts, { end, evidence, ...dead }: DeadFlows) {
  return fires({
    severity: isDefaultUnheard(facts.path) ? "fault" : "warning",
    confidence: "measured",
    segment: isOnInternet(facts, end?.ttl) ? "internet-hop" : null,
    between: null,
    direction: null,
    summary: say("found", { ...dead, end: end === null ? null : { ttl: end.ttl, from: end.from } }),
    evidence: [...evidence],
    fixes: [],
  });
}

function evidenceOf(flows: readonly (TcpFlow | UdpFlow)[]): readonly string[] {
  return flows.flatMap(({ evidence }) => evidence);
}

function portsOf(flows: readonly (TcpFlow | UdpFlow)[]): readonly number[] {
  return flows.flatMap(({ sourcePort }) => (sourcePort === null ? [] : [sourcePort]));
}

function attempts(flows: readonly (TcpFlow | UdpFlow)[]): number {
  return Math.min(...flows.map(({ missed }) => missed));
}

/** Beyond the last router that saw it, so that router's next hop is the broken one. */
function isOnInternet(facts: Facts, ttl: number | undefined): boolean {
  return ttl !== undefined && hopKind(facts, ttl + 1) === "internet-hop";
}
