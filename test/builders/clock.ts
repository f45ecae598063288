// Time that only passes when everybody waits, so that a test of seconds takes none.

import type { Clock } from "../../src/clock.ts";

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

export function virtualClock(): Clock {
  let nowMs = 0;
  let running = false;
  const sleepers: Sleeper[] = [];
  const turn = () => {
    const atMs = Math.min(...sleepers.map((sleeper) => sleeper.atMs));
    const [next] = sleepers.splice(
      sleepers.findIndex((sleeper) => sleeper.atMs === atMs),
      1,
    );
    if (next === undefined) {
      running = false;
      return;
    }
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    // What was woken goes as far as it can before the next one wakes.
    setImmediate(turn);
  };
  return {
    now: () => nowMs,
    date: () => new Date(Date.UTC(2026, 10, 22, 10)),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const wake = () => (signal?.aborted ? reject(signal.reason) : resolve());
        sleepers.push({ atMs: nowMs + ms, wake });
        if (running) return;
        running = true;
        setImmediate(turn);
      }),
  };
}
