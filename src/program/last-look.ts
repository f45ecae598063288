// What the end of a program's connections shows: a live one's is acknowledged at once, a dead one's is repeated in vain.

import type { Clock } from "../clock.ts";
import { isEnding } from "./condition.ts";
import type { Connection, Connections } from "./connections.ts";

/** Two repeats, at the pace of a path of some hundred milliseconds (RFC 6298), and one of them lost. */
const TRIES = 40;
const EVERY_MS = 125;
/** net/tcp_states.h */
const ESTABLISHED = 1;

/** What it had started may hold the connection that hung for a moment longer. */
const HELD_TRIES = 16;

/** Waits until each end is acknowledged, or told to be in vain. @param hungId of the one that hung @param sample looks at the program's sockets again */
export async function lookAtEnds(
  connections: Connections,
  clock: Clock,
  hungId: string | undefined,
  sample: () => void,
): Promise<void> {
  const isHeld = ({ sample: { id, state } }: Connection) => id === hungId && state === ESTABLISHED;
  const isUntold = ({ condition, sample: { state } }: Connection) =>
    isEnding(state) && condition !== "gone";
  const isOpen = (tries: number) =>
    connections.open().some((one) => isUntold(one) || (tries < HELD_TRIES && isHeld(one)));
  for (let tries = 0; tries < TRIES && isOpen(tries); tries += 1) {
    await clock.sleep(EVERY_MS);
    sample();
  }
}

/** A connection as it hung, and with what its end showed. */
export function withItsEnd(hung: Connection | null, connections: Connections): Connection | null {
  const all = [...connections.open(), ...connections.closed().kept];
  const last = all.find(({ sample }) => sample.id === hung?.sample.id);
  return hung === null || last?.condition !== "gone" ? hung : { ...hung, condition: "gone" };
}
