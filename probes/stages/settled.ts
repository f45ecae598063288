// Waiting for something to come to its end, up to a limit.

import type { ProbeContext } from "../../src/probe.ts";

/** Between two looks at what is waited for. */
export const FOLLOW_MS = 5;

/** Waits until it is over or the promise settles, and no longer than the limit. */
export async function settledOr(
  isOver: () => boolean,
  settled: Promise<void>,
  limitMs: number,
  { clock, signal }: ProbeContext,
): Promise<void> {
  const startedMs = clock.now();
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  settled.then(settle, settle);
  while (!isSettled && !isOver() && !signal.aborted && clock.now() - startedMs < limitMs) {
    await Promise.race([settled, clock.sleep(FOLLOW_MS)]);
  }
}
