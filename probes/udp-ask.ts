// Batches of UDP probes of one flow: sent together, answered in any order, each told as one event.

import type { UdpOutcome, UdpProbe } from "../src/model/events/udp.ts";
import type { ProbeContext } from "../src/probe.ts";
import type { UdpProber } from "./native/udp-prober.ts";
import { cookieOf } from "./packet/cookie.ts";

export interface Ask {
  readonly purpose: UdpProbe["purpose"];
  readonly ttl: number;
  readonly sizeBytes: number;
}

export interface Asked extends Ask {
  readonly outcome: UdpOutcome;
}

/** Sends the probes `gapMs` apart and waits until each is answered or `waitMs` has passed. */
export type Asker = (asks: readonly Ask[], waitMs: number) => Promise<readonly Asked[]>;

const POLL_MS = 1;
/** Between two probes of a batch: a burst must not look like a flood to anybody. */
const GAP_MS = 1;

interface Waiting extends Ask {
  readonly cookie: number;
  readonly sentAtMs: number;
  readonly sentMs: number;
}

/** @param runStartMs the clock's reading when the run began */
export function createAsker(
  prober: UdpProber,
  context: ProbeContext,
  options: { readonly address: string; readonly session: number; readonly runStartMs: number },
): Asker {
  const { clock, emit, signal } = context;
  let n = 0;
  return async (asks, waitMs) => {
    const waiting = new Map<number, Waiting>();
    const done: Asked[] = [];
    const settle = (probe: Waiting, outcome: UdpOutcome) => {
      waiting.delete(probe.cookie);
      const { purpose, ttl, sizeBytes, cookie, sentAtMs } = probe;
      done.push({ purpose, ttl, sizeBytes, outcome });
      const address = options.address;
      emit({ kind: "udp-probe", purpose, address, ttl, sizeBytes, cookie, outcome, sentAtMs });
    };
    const expire = () => {
      for (const probe of [...waiting.values()]) {
        settle(probe, { kind: "no-reply", waitedMs: clock.now() - probe.sentMs });
      }
    };
    const collect = () => {
      for (const answer of prober.drain()) {
        // A router that quotes 8 bytes returns no cookie: told only when one probe is out.
        const only = waiting.size === 1 ? [...waiting.values()][0] : undefined;
        const probe = answer.cookie === undefined ? only : waiting.get(answer.cookie);
        if (probe !== undefined) settle(probe, answer.outcome);
      }
    };
    for (const ask of asks) {
      if (signal.aborted) break;
      n += 1;
      const sentMs = clock.now();
      const sentAtMs = sentMs - options.runStartMs;
      const probe = { ...ask, cookie: cookieOf(options.session, n), sentAtMs, sentMs };
      waiting.set(probe.cookie, probe);
      const error = prober.send(probe);
      if (error !== null) settle(probe, { kind: "send-failed", error });
      if (asks.length > 1) await clock.sleep(GAP_MS);
      collect();
    }
    const startedMs = clock.now();
    while (waiting.size > 0 && !signal.aborted && clock.now() - startedMs < waitMs) {
      await clock.sleep(POLL_MS);
      collect();
    }
    expire();
    return done;
  };
}
