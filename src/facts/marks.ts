// Marks of packets (SO_MARK), and the rules of the routing and of nftables that look at them, as their programs print them.

import type { PacketMarks } from "../schema/events/run.ts";

export function formatMark(mark: number): string {
  return `0x${mark.toString(16)}`;
}

type MarkRule = PacketMarks["rules"][number];

export function formatMarkRule({ priority, mark, mask, inverted, table }: MarkRule): string {
  const selector = `${inverted ? "not " : ""}fwmark ${formatMark(mark)}/${formatMark(mask)}`;
  return `rule ${priority} (${selector} lookup ${table})`;
}

type NftRule = NonNullable<PacketMarks["nft"]>[number];

/** As `nft -a list ruleset` has it. */
export function formatNftRule({ family, table, chain, handle, ...look }: NftRule): string {
  const { mark, mask, inverted } = look;
  const value =
    mark === null || mask === null
      ? ""
      : ` ${inverted ? "not " : ""}${formatMark(mark)}/${formatMark(mask)}`;
  return `nft ${family} ${table} ${chain} handle ${handle} (meta mark${value})`;
}

/** What a user has to know who set a mark; null where it changes nothing. */
export function divertedByMark({ mark, rules, nft = [] }: PacketMarks): string | null {
  if (mark === null || rules.length + nft.length === 0) return null;
  const which = [...rules.map(formatMarkRule), ...nft.map(formatNftRule)].join(", ");
  return `marked ${formatMark(mark)}: ${which} treats these packets otherwise than those without a mark`;
}
