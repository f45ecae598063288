// Which drops of this kernel stop the default attempt, for the rules that name a reason.

import type { Facts } from "../facts/facts.ts";
import {
  attemptDrops,
  type Drop,
  directionOf,
  foreignDrops,
  formatDrop,
  isWatched,
  whyUnwatched,
} from "../facts/kernel/own-packets.ts";
import type { Attempt } from "../model/connections.ts";
import type { Path } from "../model/path.ts";
import { notChecked, rejected } from "./outcome.ts";
import { asReported, sayNeed } from "./words.ts";

export interface Stopped {
  readonly kind: "stopped";
  readonly attempt: Attempt;
  readonly drops: readonly Drop[];
}

/** A connection in hand loses a packet now and then without being stopped: one drop does not explain a hang. */
const DROPS_OF_A_HANG = 2;

/** Drops for this reason that explain why the default attempt failed; else why there are none. */
export function stoppedBy({ path, attempt }: Facts, reason: string) {
  const last = attempt?.stages.at(-1);
  if (attempt === undefined || last === undefined) return notChecked(sayNeed("noneTried"));
  const { kind } = last.result;
  if (kind === "ok" || kind === "other-protocol") {
    return rejected(sayNeed("getsThrough"), [last.id]);
  }
  // An ICMP error about the connection is none of its packets: without it, what hangs is larger than the path.
  const drops = attemptDrops(path, attempt.attempt).filter(
    (drop) => drop.reason === reason && drop.packet?.quoted !== true,
  );
  if (explains(path, attempt, drops)) {
    const stopped: Stopped = { kind: "stopped", attempt, drops };
    return stopped;
  }
  return unexplained(path, reason, drops);
}

function explains(path: Path, attempt: Attempt, drops: readonly Drop[]): boolean {
  if (drops.length === 0) return false;
  const last = attempt.stages.at(-1);
  if (last?.result.kind !== "no-reply") {
    // A filter that answers with a reset of its own: then no SYN ever left.
    const flow = path.kernel.flows.find((seen) => seen.attempt === attempt.attempt);
    return last?.stage === "connect" && (flow?.sent ?? 0) === 0;
  }
  return last.stage === "connect" || drops.length >= DROPS_OF_A_HANG;
}

function unexplained(path: Path, reason: string, drops: readonly Drop[]) {
  const { watch, ended } = path.kernel;
  if (isWatched(path) && watch !== null) {
    if (ended !== null && ended.lost > 0) {
      return notChecked(sayNeed("eventsLost", { lost: ended.lost }));
    }
    const evidence = [watch.id, ...drops.map(({ id }) => id)];
    return rejected(sayNeed("notStopped", { reason }), evidence);
  }
  const others = foreignDrops(path, reason);
  return others.length === 0
    ? notChecked(asReported({ reason: whyUnwatched(path) }))
    : notChecked(sayNeed("dropsOfOthers", { count: others.length, reason }));
}

/** What was dropped, for the sentence. */
export function droppedPackets({ attempt, drops }: Stopped) {
  const [first] = drops;
  return {
    address: attempt.address,
    port: attempt.port,
    connecting: attempt.stages.at(-1)?.stage === "connect",
    direction: directionOf(drops),
    count: drops.length,
    first: first === undefined ? null : formatDrop(first),
  } as const;
}
