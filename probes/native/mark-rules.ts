// Rules of the routing tables that look at a packet's mark, read by netlink.

import type { PacketMarks } from "../../src/schema/events/run.ts";
import { AF_INET, AF_INET6 } from "./constants.ts";
import type { Libc } from "./libc.ts";
import { attributesOf, dumpTable, NETLINK_ROUTE } from "./netlink.ts";

export type MarkRule = PacketMarks["rules"][number];

/** linux/rtnetlink.h, linux/fib_rules.h */
const RTM_NEWRULE = 32;
const RTM_GETRULE = 34;
const RULE_HEADER = 12;
const FIB_RULE_INVERT = 0x2;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;

/** Errno's name where they cannot be read. */
export function readMarkRules(libc: Libc): readonly MarkRule[] | string {
  const messages = dumpTable(libc, NETLINK_ROUTE, RTM_GETRULE, Buffer.alloc(RULE_HEADER));
  if (typeof messages === "string") return messages;
  return messages.flatMap(({ type, body }) => (type === RTM_NEWRULE ? (readRule(body) ?? []) : []));
}

/** Null for a rule that does not look at the mark. */
function readRule(bytes: Buffer): MarkRule | null {
  const family = bytes.readUInt8(0);
  if (family !== AF_INET && family !== AF_INET6) return null;
  const attributes = readAttributes(bytes.subarray(RULE_HEADER));
  const mask = attributes.get(FRA_FWMASK) ?? 0;
  if (mask === 0) return null;
  return {
    family: family === AF_INET ? 4 : 6,
    priority: attributes.get(FRA_PRIORITY) ?? 0,
    mark: attributes.get(FRA_FWMARK) ?? 0,
    mask,
    inverted: (bytes.readUInt32LE(8) & FIB_RULE_INVERT) !== 0,
    table: attributes.get(FRA_TABLE) ?? 0,
  };
}

/** Those that are a number of 32 bits. */
function readAttributes(bytes: Buffer): ReadonlyMap<number, number> {
  const numbers = attributesOf(bytes).filter(({ value }) => value.length === 4);
  return new Map(numbers.map(({ type, value }) => [type, value.readUInt32LE()]));
}
