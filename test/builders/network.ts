// A network of pure data behind a ProbeSender: links with their MTUs, routers, and what each reports.

import type { ProbeSender } from "../../probes/probe-sender.ts";
import type { ProbeContext } from "../../src/probe.ts";
import type { ProbeOutcome, ProbeSent } from "../../src/schema/events/probe.ts";
import { TARGET } from "./events.ts";
import { exceeded, fromTarget, probeSent, reportedTooBig } from "./probes.ts";

/** The link from a hop to the next one. */
export interface Link {
  readonly mtu: number;
  /** Whether the hop before it sends fragmentation needed (IPv6: packet too big). */
  readonly says?: boolean;
  /** The MTU that the message names, when it is not the truth. */
  readonly claims?: number;
}

export interface Network {
  /** Links from the guest on; there is one router less than there are links. */
  readonly links: readonly Link[];
  /** Hops (1, 2, ...) that never send anything. */
  readonly silent?: readonly number[];
  readonly targetSilent?: boolean;
  /** ICMP messages that each sender may send at once; one more comes back each second, or in `tokenMs`. */
  readonly burst?: number;
  readonly tokenMs?: number;
  /** Whether the n-th probe is lost. */
  lost?(n: number): boolean;
  /** Whether the reply to the n-th probe is lost, after it cost its sender a message. */
  replyLost?(n: number): boolean;
  /** Whether the reply to the n-th probe comes when that probe has been given up. */
  replyLate?(n: number): boolean;
  /** Packet too big messages reach the guest's counters, not the socket (IPv6). */
  readonly countsOnly?: boolean;
}

export interface Simulation {
  readonly ask: ProbeSender;
  readonly probes: readonly ProbeSent[];
  /** Answers that the target gave. */
  targetReplies(): number;
  packetTooBigCount(): Promise<number | undefined>;
}

export const router = (hop: number) => `203.0.113.${128 + hop}`;
const NO_REPLY_TOKEN_MS = 1000;

export function simulate(network: Network, { clock, emit }: ProbeContext): Simulation {
  const probes: ProbeSent[] = [];
  const tokens = new Map<number, { left: number; atMs: number }>();
  const late: { readonly cookie: number; readonly outcome: ProbeOutcome }[] = [];
  let counted = 0;
  let replies = 0;

  /** Whether the hop's rate limit lets one more message go. */
  const mayAnswer = (hop: number): boolean => {
    const { burst = Number.POSITIVE_INFINITY, tokenMs = NO_REPLY_TOKEN_MS } = network;
    const last = tokens.get(hop) ?? { left: burst, atMs: clock.now() };
    const left = Math.min(burst, last.left + (clock.now() - last.atMs) / tokenMs);
    tokens.set(hop, { left: left >= 1 ? left - 1 : left, atMs: clock.now() });
    return left >= 1 && !network.silent?.includes(hop);
  };

  /** Where a packet ends: at a link that it does not fit, at its TTL, or at the target. */
  const arrive = (ttl: number, sizeBytes: number): ProbeOutcome | null => {
    const narrow = network.links.findIndex(({ mtu }) => sizeBytes > mtu);
    const narrowHop = narrow < 0 ? Number.POSITIVE_INFINITY : narrow;
    if (narrowHop < Math.min(ttl, network.links.length)) return refuse(narrowHop);
    if (ttl < network.links.length) return mayAnswer(ttl) ? exceeded(router(ttl)) : null;
    if (network.targetSilent || !mayAnswer(network.links.length)) return null;
    replies += 1;
    return fromTarget();
  };

  const refuse = (hop: number): ProbeOutcome | null => {
    const link = network.links[hop];
    if (link?.says !== true || !mayAnswer(hop)) return null;
    counted += 1;
    return network.countsOnly ? null : reportedTooBig(router(hop), link.claims ?? link.mtu);
  };

  const ask: ProbeSender = async (asks, waitMs) => {
    for (const one of late.splice(0)) emit({ kind: "late-reply", ...one });
    const done = asks.map((one) => {
      const lost = network.lost?.(probes.length) === true;
      const sent = lost ? null : arrive(one.ttl, one.sizeBytes);
      const n = probes.length;
      const isLate = network.replyLate?.(n) === true;
      if (isLate && sent !== null) late.push({ cookie: n, outcome: sent });
      const replied = isLate || network.replyLost?.(n) === true ? null : sent;
      const outcome = replied ?? { kind: "no-reply" as const, waitedMs: waitMs };
      const probe = probeSent(outcome, { ...one, address: TARGET, cookie: n });
      probes.push(probe);
      emit(probe);
      return { ...one, outcome };
    });
    const allReplied = done.every(({ outcome }) => outcome.kind !== "no-reply");
    await clock.sleep(allReplied ? 10 : waitMs);
    return done;
  };

  return {
    ask,
    probes,
    targetReplies: () => replies,
    packetTooBigCount: async () => (network.countsOnly ? counted : undefined),
  };
}
