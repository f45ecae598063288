// The text of `wsl-trace drops`: one line for a drop, one for what its reason means, and the summary.

import { formatMark } from "../facts/marks.ts";
import type { LiveDrop } from "../schema/live-drop.ts";

export interface Row {
  readonly reason: string | null;
  readonly symbol: string | null;
  readonly interface: string | null;
  readonly namespace: string | null;
  readonly meaning: string | null;
  readonly count: number;
  readonly words: string;
}

export interface Tally {
  /** Whether one of its kind, or of its reason, was there before. */
  add(drop: LiveDrop): { readonly firstOfKind: boolean; readonly firstOfReason: boolean };
  /** Kinds that came again since they were taken last, with their rate. */
  takeRepeats(nowMs: number): readonly { readonly last: LiveDrop; readonly perSecond: number }[];
  /** By reason and location, the most frequent first. */
  rows(): readonly Row[];
  total(): number;
  readonly startedMs: number;
}

interface Kind {
  count: number;
  pending: number;
  last: LiveDrop;
}

const MS_PER_S = 1000;

export function createTally(startedMs: number): Tally {
  const kinds = new Map<string, Kind>();
  const reasons = new Set<string | null>();
  let total = 0;
  let takenMs = startedMs;
  return {
    startedMs,
    add: (drop) => {
      total += 1;
      const firstOfReason = !reasons.has(drop.reason);
      reasons.add(drop.reason);
      const key = keyOf(kinds, drop);
      const known = kinds.get(key);
      if (known === undefined) kinds.set(key, { count: 1, pending: 0, last: drop });
      else {
        known.count += 1;
        known.pending += 1;
        known.last = drop;
      }
      return { firstOfKind: known === undefined, firstOfReason };
    },
    takeRepeats: (nowMs) => {
      const seconds = Math.max(1, nowMs - takenMs) / MS_PER_S;
      takenMs = nowMs;
      return [...kinds.values()].flatMap((kind) => {
        if (kind.pending === 0) return [];
        const perSecond = kind.pending / seconds;
        kind.pending = 0;
        return [{ last: kind.last, perSecond }];
      });
    },
    rows: () =>
      [...kinds.values()]
        .sort((a, b) => b.count - a.count)
        .map(({ last, count }) => rowOf(last, count)),
    total: () => total,
  };
}

/** Beyond, hosts and ports are not listed: a scan has as many as there are. */
const KINDS_MAX = 2000;

function keyOf(kinds: ReadonlyMap<string, Kind>, drop: LiveDrop): string {
  const kind = kindOf(drop);
  if (kinds.has(kind) || kinds.size < KINDS_MAX) return kind;
  const { reason, symbol, interface: device, namespace } = drop;
  return JSON.stringify([reason, symbol, device, namespace]);
}

/** Drops of one kind are one line: the same reason at the same location, between the same hosts. */
function kindOf(drop: LiveDrop): string {
  const { reason, symbol, interface: device, namespace, protocol, source, destination } = drop;
  const port = drop.destinationPort;
  return JSON.stringify([reason, symbol, device, namespace, protocol, source, destination, port]);
}

function rowOf(drop: LiveDrop, count: number): Row {
  const { reason, symbol, interface: device, namespace, meaning } = drop;
  return {
    reason,
    symbol,
    interface: device,
    namespace,
    meaning,
    count,
    words: formatLocation(drop),
  };
}

const REASON_WIDTH = 16;
const RATE_WIDTH = 9;
const TIME = /T(\d\d:\d\d:\d\d\.\d{3})/;

/** @param perSecond null for the first of its kind */
export function dropLine(drop: LiveDrop, perSecond: number | null): string {
  const time = TIME.exec(drop.at)?.[1] ?? drop.at;
  const rate = perSecond === null ? "" : `${formatRate(perSecond)}/s`;
  return `${time} ${rate.padStart(RATE_WIDTH)}  ${formatLocation(drop)}${formatPacket(drop)}`;
}

function formatRate(perSecond: number): string {
  return perSecond >= 10 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** Its reason, and where. */
export function formatLocation(drop: LiveDrop): string {
  const reason = `${drop.reason ?? "no reason"}${drop.inferred ? "?" : ""}`.padEnd(REASON_WIDTH);
  const location = drop.symbol === null ? "" : ` at ${drop.symbol}`;
  const device = drop.interface === null ? "" : ` on ${drop.interface}`;
  const where = drop.namespace === null ? "" : ` [namespace ${drop.namespace}]`;
  return `${reason}${location}${device}${where}`;
}

/** Protocol numbers (IANA). */
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "ICMP",
  6: "TCP",
  17: "UDP",
  58: "ICMPv6",
};

function formatPacket(drop: LiveDrop): string {
  const { source, destination, protocol, sizeBytes } = drop;
  if (source === null || destination === null) return "";
  const name = protocol === null ? "" : `${PROTOCOLS[protocol] ?? `protocol ${protocol}`} `;
  const endpoints = `${end(source, drop.sourcePort)} -> ${end(destination, drop.destinationPort)}`;
  const size = sizeBytes === null ? "" : `, ${sizeBytes} bytes`;
  const about = drop.quoted ? "error about " : "";
  const answer = drop.icmpSent === null ? "" : `, answered by ICMP ${drop.icmpSent}`;
  const mark = drop.mark === null ? "" : `, mark ${formatMark(drop.mark)}`;
  return `: ${name}${about}${endpoints}${size}${mark}${answer}`;
}

function end(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Printed once for each reason. */
export function meaningLines({ reason, meaning, inferred }: LiveDrop): readonly string[] {
  const sign = inferred ? " (inferred from the location: this kernel names no reasons)" : "";
  return meaning === null ? [] : [`             ${reason}: ${meaning}${sign}`];
}

export function summaryLines(tally: Tally, lost: number, nowMs: number): readonly string[] {
  const seconds = (nowMs - tally.startedMs) / MS_PER_S;
  const total = tally.total();
  const head =
    total === 0
      ? `no drops in ${seconds.toFixed(1)} s`
      : `${total} drops in ${seconds.toFixed(1)} s, ${formatRate(total / Math.max(seconds, 0.001))}/s`;
  const byLocation = new Map<string, { count: number; meaning: string | null }>();
  for (const { words, count, meaning } of tally.rows()) {
    const known = byLocation.get(words);
    byLocation.set(words, { count: (known?.count ?? 0) + count, meaning });
  }
  return [
    "",
    head,
    ...[...byLocation].map(([words, { count, meaning }]) => {
      return `${String(count).padStart(8)}  ${words}${meaning === null ? "" : `: ${meaning}`}`;
    }),
    ...(lost === 0 ? [] : [`${lost} more were lost: there was no room to report them`]),
  ];
}
