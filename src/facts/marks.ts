// Marks of packets (SO_MARK), and the rules of the routing that look at them, as `ip rule` prints them.

import type { PacketMarks } from "../schema/events/run.ts";

export function formatMark(mark: number): string {
  return `0x${mark.toString(16)}`;
}

type MarkRule = PacketMarks["rules"][number];

export function formatMarkRule({ priority, mark, mask, inverted, table }: MarkRule): string {
  const selector = `${inverted ? "not " : ""}fwmark ${formatMark(mark)}/${formatMark(mask)}`;
  return `rule ${priority} (${selector} lookup ${table})`;
}

/** What a user has to know who set a mark; null where it changes nothing. */
export function divertedByMark({ mark, rules }: PacketMarks): string | null {
  if (mark === null || rules.length === 0) return null;
  const which = rules.map(formatMarkRule).join(", ");
  return `marked ${formatMark(mark)}: ${which} treats these packets otherwise than those without a mark`;
}
