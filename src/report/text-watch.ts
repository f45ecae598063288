// Continuous mode in the text report: what changed, when, and what the rounds of each hop add up to.

import type { WatchedChange, WatchedHop, WatchReport } from "../schema/events/watch.ts";
import { duration } from "./duration.ts";
import { printable } from "./escape.ts";
import { hanging, padded } from "./text-layout.ts";

const SUBJECTS = {
  link: "link",
  address: "address",
  route: "route",
  rule: "rule",
  resolver: "name servers of",
  windows: "Windows,",
  verdict: "verdict for",
  settings: "set by key:",
} as const satisfies Record<WatchedChange["what"], string>;

/** "link eth0: up, mtu 1500 -> up, mtu 1400". */
export function formatChange(change: WatchedChange): string {
  const values = `${change.before ?? "not there"} -> ${change.after ?? "gone"}`;
  return `${formatSubject(change)}: ${printable(values)}`;
}

/** "link eth0". */
export function formatSubject({ what, subject }: WatchedChange): string {
  return printable(`${SUBJECTS[what]} ${subject}`);
}

/** Nothing where the run ended with its verdict. */
export function watchLines(watch: WatchReport | undefined): string[] {
  if (watch === undefined) return [];
  const { durationMs, rounds, packetsSent, changes, changesLeftOut, hops } = watch;
  const left = changesLeftOut === 0 ? [] : [`  (${changesLeftOut} older changes were not kept)`];
  return [
    `  ${rounds} rounds in ${duration(durationMs)}, ${packetsSent} packets`,
    ...left,
    ...changes.flatMap((change) => hanging(`  ${change.at}  `, formatChange(change))),
    ...(hops.length === 0 ? [] : ["", HEADING]),
    ...hops.flatMap(hopLines),
  ];
}

const CELL = 8;
const TITLES = ["sent", "loss", "last", "best", "avg", "worst", "stdev", "jitter"] as const;
const HEADING = `  hop ${TITLES.map((title) => title.padStart(CELL)).join("")}`;

function hopLines(hop: WatchedHop): string[] {
  const { ttl, from, sent, lost, lastMs, bestMs, meanMs, worstMs, deviationMs, jitterMs } = hop;
  const loss = `${sent === 0 ? 0 : Math.round((lost * 100) / sent)} %`;
  const times = [lastMs, bestMs, meanMs, worstMs, deviationMs, jitterMs];
  const cells = [`${sent}`, loss, ...times.map((ms) => (ms === null ? "" : ms.toFixed(1)))];
  const who = from.length === 0 ? "no answer" : from.join(", ");
  return [
    `  ${padded(`${ttl}`, 4)}${cells.map((cell) => cell.padStart(CELL)).join("")}`,
    ...hanging("      ", who),
  ];
}
