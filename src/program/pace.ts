// How often the sockets of a program are looked at: often while something is young, seldom while all is quiet.

import type { Connections } from "./connections.ts";

interface Pace {
  readonly elapsedMs: number;
  /** What the last look cost. */
  readonly costMs: number;
  readonly connections: Pick<Connections, "youngestMs" | "movedSince">;
  /** A diagnosis is on its way, which the machine has to itself. */
  readonly isWatching: boolean;
}

/** A short connection ends within some of these. */
const YOUNG_MS = 300;
const YOUNG_PAUSE_MS = 5;
const BUSY_MS = 2000;
const BUSY_PAUSE_MS = 25;
const CALM_MS = 10_000;
const CALM_PAUSE_MS = 50;
/** Nothing that is told after three seconds needs to be known sooner. */
const QUIET_PAUSE_MS = 250;
/** The pause is so many times what a look costs: at most 2 % of a processor, however many sockets there are. */
const COST_SHARE = 50;
/** For as long as something is young. */
const YOUNG_COST_SHARE = 4;

export function pauseMs({ elapsedMs, costMs, connections, isWatching }: Pace): number {
  const sinceOpenedMs = elapsedMs - (connections.youngestMs() ?? 0);
  if (sinceOpenedMs < YOUNG_MS) return Math.max(YOUNG_PAUSE_MS, costMs * YOUNG_COST_SHARE);
  return Math.max(usualMs(elapsedMs, connections, isWatching), costMs * COST_SHARE);
}

function usualMs(elapsedMs: number, connections: Pace["connections"], isWatching: boolean): number {
  if (isWatching) return QUIET_PAUSE_MS;
  if (connections.movedSince(elapsedMs - BUSY_MS)) return BUSY_PAUSE_MS;
  return connections.movedSince(elapsedMs - CALM_MS) ? CALM_PAUSE_MS : QUIET_PAUSE_MS;
}
