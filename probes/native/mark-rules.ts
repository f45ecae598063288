// Rules of the routing tables that look at a packet's mark, read by netlink: a program would cost the first packet its time.

import type { PacketMarks } from "../../src/schema/events/run.ts";
import { AF_INET, AF_INET6, AF_NETLINK, SOCK_CLOEXEC, SOCK_RAW } from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { createReceiver } from "./message.ts";

export type MarkRule = PacketMarks["rules"][number];

/** linux/netlink.h, linux/rtnetlink.h, linux/fib_rules.h */
const NETLINK_ROUTE = 0;
const NLM_F_DUMP_REQUEST = 0x301;
const NLMSG_DONE = 3;
const RTM_NEWRULE = 32;
const RTM_GETRULE = 34;
const NLMSG_HEADER = 16;
const RULE_HEADER = 12;
const RTA_HEADER = 4;
const FIB_RULE_INVERT = 0x2;
const FRA_PRIORITY = 6;
const FRA_FWMARK = 10;
const FRA_TABLE = 15;
const FRA_FWMASK = 16;
/** struct sockaddr_nl: the kernel is port 0. */
const SOCKADDR_NL = 12;

/** Errno's name where they cannot be read. */
export function readMarkRules(libc: Libc): readonly MarkRule[] | string {
  const fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return errnoName(libc.errno());
  try {
    const request = Buffer.alloc(NLMSG_HEADER + RULE_HEADER);
    request.writeUInt32LE(request.length, 0);
    request.writeUInt16LE(RTM_GETRULE, 4);
    request.writeUInt16LE(NLM_F_DUMP_REQUEST, 6);
    const kernel = Buffer.alloc(SOCKADDR_NL);
    kernel.writeUInt16LE(AF_NETLINK, 0);
    if (libc.sendto(fd, request, request.length, 0, kernel, kernel.length) < 0) {
      return errnoName(libc.errno());
    }
    const receive = createReceiver(libc, fd);
    const rules: MarkRule[] = [];
    // The kernel makes a dump while it is read, so that nothing has to be waited for.
    for (let part = receive(0); part !== undefined; part = receive(0)) {
      const read = readPart(part.data);
      rules.push(...read.rules);
      if (read.done) return rules;
    }
    return errnoName(libc.errno());
  } finally {
    libc.close(fd);
  }
}

function readPart(data: Buffer): { readonly rules: readonly MarkRule[]; readonly done: boolean } {
  const rules: MarkRule[] = [];
  for (let at = 0; at + NLMSG_HEADER <= data.length; ) {
    const size = data.readUInt32LE(at);
    const type = data.readUInt16LE(at + 4);
    if (type === NLMSG_DONE) return { rules, done: true };
    if (size < NLMSG_HEADER || at + size > data.length) break;
    const rule =
      type === RTM_NEWRULE ? readRule(data.subarray(at + NLMSG_HEADER, at + size)) : null;
    if (rule !== null) rules.push(rule);
    at += aligned(size);
  }
  return { rules, done: false };
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
  const found = new Map<number, number>();
  for (let at = 0; at + RTA_HEADER <= bytes.length; ) {
    const size = bytes.readUInt16LE(at);
    if (size < RTA_HEADER || at + size > bytes.length) break;
    if (size === RTA_HEADER + 4) found.set(bytes.readUInt16LE(at + 2), bytes.readUInt32LE(at + 4));
    at += aligned(size);
  }
  return found;
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
