// How fast single-packet probes leave where the user set a rate: one slot after the other, for all sockets of a run.

import type { ProbeContext } from "../src/probe.ts";

export type RateLimit = (context: ProbeContext) => Promise<void>;

const MS_PER_S = 1000;

/** Probes of all flows and protocols take turns; without a rate nobody waits. */
export function createRateLimit(): RateLimit {
  let nextMs = Number.NEGATIVE_INFINITY;
  return async ({ clock, path, signal }) => {
    const rate = path().run?.options.rate;
    if (rate === undefined || signal.aborted) return;
    const slotMs = Math.max(clock.now(), nextMs);
    nextMs = slotMs + MS_PER_S / rate;
    if (slotMs > clock.now()) await clock.sleep(slotMs - clock.now());
  };
}
