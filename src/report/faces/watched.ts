// Continuous mode as rows of tables: what changed when, and what the rounds of each hop add up to.

import type { Report } from "../../schema/report.ts";
import { duration, milliseconds } from "../duration.ts";
import { formatSubject } from "../text-watch.ts";
import type { FaceTexts } from "./texts.ts";

export interface WatchedTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface WatchedTables {
  readonly summary: string;
  readonly changes: WatchedTable;
  readonly hops: WatchedTable;
}

/** Null where the run ended with its verdict. */
export function watchedTables({ watch }: Report, texts: FaceTexts): WatchedTables | null {
  if (watch === undefined) return null;
  const { labels } = texts;
  const { rounds, durationMs, packetsSent, changesLeftOut } = watch;
  const lasted = duration(durationMs);
  return {
    summary: texts.rounds({ rounds, lasted, packets: packetsSent, leftOut: changesLeftOut }),
    changes: {
      head: [labels.time, labels.change, labels.before, labels.after],
      rows: watch.changes.map((change) => [
        change.at,
        formatSubject(change),
        change.before ?? "-",
        change.after ?? "-",
      ]),
    },
    hops: {
      head: [
        labels.ttl,
        labels.address,
        labels.loss,
        labels.last,
        labels.best,
        labels.mean,
        labels.worst,
        labels.deviation,
        labels.jitter,
      ],
      rows: watch.hops.map((hop) => [
        `${hop.ttl}`,
        hop.from.join(", ") || "*",
        `${hop.lost}/${hop.sent}`,
        ...[hop.lastMs, hop.bestMs, hop.meanMs, hop.worstMs, hop.deviationMs, hop.jitterMs].map(
          milliseconds,
        ),
      ]),
    },
  };
}
