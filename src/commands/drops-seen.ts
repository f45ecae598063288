// What the screen of `wsl-trace drops` shows at one moment.

import type { Clock } from "../clock.ts";
import type { DropsWatch } from "../drops-port.ts";
import { createLatestValueChannel } from "../latest-value-channel.ts";
import type { LiveDrop } from "../schema/live-drop.ts";
import { createTally, dropLine, formatLocation, type Tally } from "./drops-text.ts";

/** Drops with one reason at one location. */
export interface DropGroup {
  readonly count: number;
  readonly perSecond: number;
  readonly where: string;
  readonly meaning: string | null;
}

export interface DropsSeen {
  /** What is watched, and with what. */
  readonly note: string;
  readonly groups: readonly DropGroup[];
  /** The newest packets, a line each, the newest last. */
  readonly newest: readonly string[];
  readonly total: number;
  /** Drops that nobody had room for. */
  readonly lost: number;
}

/** As many as a high terminal has rows. */
const NEWEST = 60;
/** Rates are of so long, and no faster is worth a frame. */
const EACH_MS = 500;

/** Draws what comes until it ends, and gives the sum of it. */
export async function asScreen(
  watch: DropsWatch,
  show: (seen: AsyncIterable<DropsSeen>) => Promise<void>,
  clock: Clock,
): Promise<Tally> {
  const tally = createTally(clock.now());
  const channel = createLatestValueChannel<DropsSeen>();
  const newest: LiveDrop[] = [];
  let over = false;
  const report = async () => {
    while (!over) {
      channel.push(seenNow(watch, tally, newest, clock.now()));
      await clock.sleep(EACH_MS);
    }
  };
  void report();
  const shown = show(channel.values);
  try {
    for await (const drop of watch.drops) {
      tally.add(drop);
      newest.push(drop);
      if (newest.length > NEWEST) newest.shift();
    }
  } finally {
    over = true;
    channel.end();
    await shown;
  }
  return tally;
}

function seenNow(
  { note, lost }: DropsWatch,
  tally: Tally,
  newest: readonly LiveDrop[],
  nowMs: number,
): DropsSeen {
  const rates = new Map<string, number>();
  for (const { last, perSecond } of tally.takeRepeats(nowMs)) {
    const where = formatLocation(last);
    rates.set(where, (rates.get(where) ?? 0) + perSecond);
  }
  const groups = new Map<string, DropGroup>();
  for (const { words, count, meaning } of tally.rows()) {
    const before = groups.get(words)?.count ?? 0;
    const perSecond = rates.get(words) ?? 0;
    groups.set(words, { count: before + count, perSecond, where: words, meaning });
  }
  return {
    note,
    groups: [...groups.values()],
    newest: newest.map((drop) => dropLine(drop, null)),
    total: tally.total(),
    lost: lost(),
  };
}
