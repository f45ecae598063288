// Whether this kernel drops the connection requests that come from Windows, by its counters beside controls.

import type { Path } from "../../model/path.ts";
import type { InboundTrial } from "../../schema/events/inbound.ts";

export type CountVerdict =
  /** Packets came in and were given to nobody, each time Windows tried and never else. */
  | "dropped-here"
  /** Nothing came in that was not delivered, and no request was half open: they did not arrive. */
  | "not-here"
  | "unclear";

export interface ServiceCount {
  readonly id: string;
  readonly address: string;
  readonly verdict: CountVerdict;
  /** Packets that were dropped while Windows tried. */
  readonly dropped: number;
}

/** Null where nothing was counted. */
export function serviceCount({ serviceCount: counted }: Path): ServiceCount | null {
  if (counted === null || counted.trials.length === 0) return null;
  const { id, address, trials } = counted;
  const tried = trials.filter((one) => one.tried);
  const dropped = tried.reduce((sum, { undelivered }) => sum + (undelivered ?? 0), 0);
  return { id, address, verdict: verdictOf(trials, tried), dropped };
}

function verdictOf(trials: readonly InboundTrial[], tried: readonly InboundTrial[]): CountVerdict {
  const controls = trials.filter((one) => !one.tried);
  const isQuiet = controls.every(({ undelivered }) => undelivered === 0);
  const isRead = trials.every(({ undelivered }) => undelivered !== null);
  if (!isRead || tried.length === 0 || controls.length === 0) return "unclear";
  if (isQuiet && tried.every(({ undelivered }) => (undelivered ?? 0) > 0)) return "dropped-here";
  const isAbsent = tried.every(({ undelivered, halfOpen }) => undelivered === 0 && halfOpen === 0);
  return isAbsent ? "not-here" : "unclear";
}
