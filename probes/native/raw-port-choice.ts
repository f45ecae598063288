// The source ports of raw probes: one for a flow, or another as soon as the target could mix two probes up.

import type { ReservedPort } from "./local-endpoint.ts";

export interface PortChoice {
  /** The port of the next probe. */
  next(ttl: number): number;
  /** The one that the last probe left from. */
  current(): number;
  /** The target has answered a probe itself. */
  answered(): void;
  release(): void;
}

/** One for all, as an echo request's identifier or a UDP flow's port. */
export function onePort({ number, release }: ReservedPort): PortChoice {
  return { next: () => number, current: () => number, answered: () => undefined, release };
}

/**
 * One port while each TTL is probed once, so that a sweep is one flow (Paris traceroute). A target that
 * got one SYN answers no second one from the same port with another sequence number as it would a
 * first (RFC 9293 s.3.10.7.4): so a TTL that is probed again, and all that follows the target's answer,
 * has another port.
 */
export function portsInTurn(reserve: () => ReservedPort): PortChoice {
  const held: ReservedPort[] = [reserve()];
  const asked = new Set<number>();
  let isAnswered = false;
  const current = () => held.at(-1)?.number ?? 0;
  return {
    current,
    next: (ttl) => {
      if (isAnswered || asked.has(ttl)) {
        held.push(reserve());
        asked.clear();
        isAnswered = false;
      }
      asked.add(ttl);
      return current();
    },
    answered: () => {
      isAnswered = true;
    },
    release: () => {
      for (const port of held.splice(0)) port.release();
    },
  };
}
