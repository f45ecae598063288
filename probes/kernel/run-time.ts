// From the kernel's monotonic clock to the time of the run.

import { hrtime } from "node:process";
import type { Clock } from "../../src/clock.ts";

const NS_PER_MS = 1e6;

/** The kernel stamps with the clock that process.hrtime reads. */
export function runTimeOf(clock: Clock, runStartMs: number): (monotonicMs: number) => number {
  const aheadMs = Number(hrtime.bigint()) / NS_PER_MS - clock.now();
  return (monotonicMs) => monotonicMs - aheadMs - runStartMs;
}
