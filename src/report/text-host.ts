// Windows in a text report: what is known of it and from where, and what it dropped.

import { formatHostDrop, hostDrops } from "../facts/reach/host-counters.ts";
import { pathOf } from "../model/reduce.ts";
import type { ProbeEvent } from "../schema/event.ts";
import type { HostSource } from "../schema/host-source.ts";
import { hanging } from "./text-layout.ts";
import { NO_REASON } from "./words/finding.ts";

/** Null where what is known is of this run's time and nothing is missing, or where there is no Windows. */
export function formatHost(host: HostSource, isWsl: boolean): string | null {
  const { origin, reason, collectedAt, age, relation, because } = host;
  if (origin === "none") return isWsl ? `not known: ${reason ?? NO_REASON}` : null;
  const made = collectedAt === null ? "of an unknown time" : `of ${collectedAt}`;
  const older = age === null ? "" : `, ${age} older than this run`;
  const source = origin === "file" ? `a saved snapshot ${made}${older}` : "queried in this run";
  const caveats = [
    ...(relation === "unrelated" || relation === "unknown" ? [notUsed(relation, because)] : []),
    ...(reason === null ? [] : [reason]),
  ];
  if (caveats.length === 0 && age === null) return null;
  return [source, ...caveats].join("; ");
}

function notUsed(relation: "unrelated" | "unknown", because: string | null): string {
  const restarts =
    relation === "unrelated"
      ? " (WSL's network changes when WSL restarts; wsl-trace host --save FILE makes a new one)"
      : "";
  return `its routes are left out: ${because ?? "it does not say enough"}${restarts}`;
}

/** What pktmon counted as dropped while the run lasted, or why an administrator's Windows could not count. */
export function hostDropLines(events: readonly ProbeEvent[]): string[] {
  const counters = events.find(({ kind }) => kind === "host-counters");
  if (counters?.kind !== "host-counters") return [];
  if (counters.reason !== null) return hanging("  ? ", `not counted: ${counters.reason}`);
  const drops = hostDrops(pathOf(events));
  const lines = drops.flatMap((drop) => hanging("  X ", formatHostDrop(drop)));
  return lines.length > 0 ? lines : ["  + none of the packets from and to the target"];
}
