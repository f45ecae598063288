// Continuous mode at one moment: rounds by hop in bounded memory, changes, and what the user set.

import type { Family } from "../schema/events/common.ts";
import type { Protocol } from "../schema/events/probe.ts";
import type { WatchedHop, WatchReport } from "../schema/events/watch.ts";

/** What rounds of one TTL add up to; nothing in it grows with their number. */
export interface HopRounds {
  readonly ttl: number;
  readonly from: readonly string[];
  readonly mpls: readonly number[];
  readonly sent: number;
  readonly lost: number;
  readonly lastMs: number | null;
  readonly bestMs: number | null;
  readonly worstMs: number | null;
  readonly meanMs: number | null;
  /** Sum of squared differences from the mean (Welford 1962). */
  readonly squares: number;
  /** Sum of the differences of one answer from the one before, and how many there are. */
  readonly stepsMs: number;
  readonly steps: number;
  /** The newest last; null: no answer. */
  readonly samplesMs: readonly (number | null)[];
}

/** "auto": of each hop the protocol that it answered in the run. */
export type RoundProtocol = Protocol | "auto";

export interface WatchSettings {
  /** From the beginning of one round to that of the next. */
  readonly intervalMs: number;
  readonly paused: boolean;
  readonly protocol: RoundProtocol;
  readonly family: Family | null;
  /** How often the source ports were changed. */
  readonly flow: number;
}

/** As a table shows it. */
export interface ShownHop extends WatchedHop, Pick<HopRounds, "mpls" | "samplesMs"> {}

export interface Watch {
  readonly settings: WatchSettings;
  readonly hops: readonly ShownHop[];
  /** What a report has of it. */
  readonly history: Omit<WatchReport, "hops">;
}
