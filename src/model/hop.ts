// Hops by TTL: what was sent with each, which routers replied, and what got no reply.

import type { ProbeSent, Protocol } from "../schema/events/probe.ts";
import type { Seen } from "./seen.ts";

export type Probe = Seen<ProbeSent>;

/** A time exceeded, by which a router shows its address. */
export interface HopReply {
  readonly id: string;
  readonly ttl: number;
  readonly from: string;
  readonly rttMs: number;
  readonly protocol: Protocol;
  readonly flow: number;
  /** Of a SYN to another port than the target's own. */
  readonly port?: number | undefined;
  /**
   * It bears the target's address: a NAT on the path rewrites the source of ICMP errors, as WSL's does
   * (microsoft/WSL#7036).
   */
  readonly rewritten: boolean;
}

export interface Hop {
  readonly ttl: number;
  readonly sent: readonly Probe[];
  readonly replies: readonly HopReply[];
  readonly noReply: readonly Probe[];
}

/** A hop for each TTL that these probes had, the nearest first; within it in the order of the probes. */
export function hopTable(probes: readonly Probe[]): readonly Hop[] {
  const ttls = [...new Set(probes.map(({ ttl }) => ttl))].sort((a, b) => a - b);
  return ttls.map((ttl) => {
    const sent = probes.filter((probe) => probe.ttl === ttl);
    const noReply = sent.filter(({ outcome }) => outcome.kind === "no-reply");
    return { ttl, sent, replies: sent.flatMap(hopReply), noReply };
  });
}

function hopReply(probe: Probe): readonly HopReply[] {
  const { id, ttl, protocol, flow, port, outcome, address } = probe;
  if (outcome.kind !== "time-exceeded") return [];
  const { from, rttMs } = outcome;
  return [{ id, ttl, from, rttMs, protocol, flow, port, rewritten: from === address }];
}
