// Whether the kernel's routing tables hold nothing but what every kernel has, read by netlink: then no program need be started to show it.

import { AF_INET, AF_INET6 } from "./constants.ts";
import type { Libc } from "./libc.ts";
import { attributesOf, dumpTable, NETLINK_ROUTE } from "./netlink.ts";

/** linux/rtnetlink.h */
const RTM_NEWRULE = 32;
const RTM_GETRULE = 34;
const RTM_NEWROUTE = 24;
const RTM_GETROUTE = 26;
/** struct fib_rule_hdr and struct rtmsg. */
const HEADER = 12;

/**
 * True where the only rules are those that every kernel makes: all packets, to its tables local, main and default. False where
 * there is another, and where the rules cannot be read.
 */
export function hasOwnRulesAlone(libc: Libc): boolean {
  const messages = dumpTable(libc, NETLINK_ROUTE, RTM_GETRULE, Buffer.alloc(HEADER));
  if (typeof messages === "string") return false;
  const rules = messages.filter(({ type, body }) => type === RTM_NEWRULE && isOfIp(body));
  return rules.length > 0 && rules.every(({ body }) => isOwnRule(body));
}

/** FR_ACT_TO_TBL (linux/fib_rules.h). */
const TO_TABLE = 1;
/** RT_TABLE_DEFAULT, _MAIN and _LOCAL. */
const [FIRST_TABLE, LAST_TABLE] = [253, 255];
/** FRA_PRIORITY, FRA_TABLE, FRA_PROTOCOL: what says nothing of the packets. */
const PRIORITY = 6;
const TABLE = 15;
const PROTOCOL = 21;
/** FRA_SUPPRESS_IFGROUP and FRA_SUPPRESS_PREFIXLEN: in every rule, -1 where they are not set. */
const SUPPRESSORS = [13, 14];

function isOwnRule(body: Buffer): boolean {
  // dst_len, src_len, tos; and the flags, one of which turns the selector around.
  const isForAll = body.readUIntBE(1, 3) === 0 && body.readUInt32LE(8) === 0;
  if (!isForAll || body.readUInt8(7) !== TO_TABLE) return false;
  return attributesOf(body.subarray(HEADER)).every(({ type, value }) => {
    if (type === PRIORITY || type === PROTOCOL) return true;
    if (SUPPRESSORS.includes(type)) return value.length === 4 && value.readInt32LE() === -1;
    if (type !== TABLE || value.length !== 4) return false;
    const table = value.readUInt32LE();
    return table >= FIRST_TABLE && table <= LAST_TABLE;
  });
}

/** RTA_MULTIPATH, and RTA_NH_ID: a next hop that is an object of its own may be a group. */
const SEVERAL = [9, 30];

/** True where no route of any table has several next hops; false where one may, and where the routes cannot be read. */
export function hasSingleHopsAlone(libc: Libc): boolean {
  const messages = dumpTable(libc, NETLINK_ROUTE, RTM_GETROUTE, Buffer.alloc(HEADER));
  if (typeof messages === "string") return false;
  const routes = messages.filter(({ type, body }) => type === RTM_NEWROUTE && isOfIp(body));
  return (
    routes.length > 0 &&
    routes.every(({ body }) =>
      attributesOf(body.subarray(HEADER)).every(({ type }) => !SEVERAL.includes(type)),
    )
  );
}

function isOfIp(body: Buffer): boolean {
  return body.length >= HEADER && [AF_INET, AF_INET6].includes(body.readUInt8(0));
}
