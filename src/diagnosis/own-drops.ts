// Which drops of this kernel stop the default attempt, for the rules that name a reason.

import type { Facts } from "../facts/facts.ts";
import {
  attemptDrops,
  type Drop,
  directionOf,
  foreignDrops,
  isWatched,
  whyUnwatched,
} from "../facts/kernel/own-packets.ts";
import type { Attempt } from "../model/connections.ts";
import type { Path } from "../model/path.ts";
import type { Outcome } from "./outcome.ts";
import { notChecked, rejected } from "./outcome.ts";

export interface Stopped {
  readonly kind: "stopped";
  readonly attempt: Attempt;
  readonly drops: readonly Drop[];
}

/** A connection in hand loses a packet now and then without being stopped: one drop does not explain a hang. */
const DROPS_OF_A_HANG = 2;

/** Drops for this reason that explain why the default attempt failed; else why there are none. */
export function stoppedBy({ path, attempt }: Facts, reason: string): Stopped | Outcome {
  const last = attempt?.stages.at(-1);
  if (attempt === undefined || last === undefined) return notChecked("no connection was tried");
  const { kind } = last.result;
  if (kind === "ok" || kind === "other-protocol") {
    return rejected("the default attempt gets through this kernel", [last.id]);
  }
  const drops = attemptDrops(path, attempt.attempt).filter((drop) => drop.reason === reason);
  if (explains(path, attempt, drops)) return { kind: "stopped", attempt, drops };
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

function unexplained(path: Path, reason: string, drops: readonly Drop[]): Outcome {
  const { watch, ended } = path.kernel;
  if (isWatched(path) && watch !== null) {
    if (ended !== null && ended.lost > 0) {
      return notChecked(`${ended.lost} kernel events were lost, and this may have been among them`);
    }
    const evidence = [watch.id, ...drops.map(({ id }) => id)];
    return rejected(`this kernel did not stop the attempt with ${reason}`, evidence);
  }
  const others = foreignDrops(path, reason);
  if (others.length === 0) return notChecked(whyUnwatched(path));
  const what = others.length === 1 ? "a packet was" : `${others.length} packets were`;
  return notChecked(`${what} dropped with ${reason} during the run, and nothing tells whose`);
}

/** "the SYN to 192.0.2.1 port 443 (3 times)", or what else was dropped. */
export function formatDropped({ attempt, drops }: Stopped): string {
  const connecting = attempt.stages.at(-1)?.stage === "connect";
  const direction = directionOf(drops);
  const times = drops.length === 1 ? "" : ` (${drops.length} times)`;
  const far = `${attempt.address} port ${attempt.port}`;
  if (connecting && direction === "outbound") return `the SYN to ${far}${times}`;
  if (connecting && direction === "inbound") return `the answer of ${far}${times}`;
  return `${drops.length} packets of the connection with ${far}`;
}
