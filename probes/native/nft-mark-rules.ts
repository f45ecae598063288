// Rules of nftables that look at a packet's mark and then do something with it, read by netlink (linux/netfilter/nf_tables.h).
//
// iptables-nft makes such rules, too: its own match of a mark, or nftables' own. Those of iptables-legacy are not seen.

import type { PacketMarks } from "../../src/schema/events/run.ts";
import type { Libc } from "./libc.ts";
import { attributesOf, dumpTable } from "./netlink.ts";

export type NftMarkRule = PacketMarks["nft"] extends readonly (infer R)[] | undefined ? R : never;

const NETLINK_NETFILTER = 12;
const SUBSYSTEM = 10 << 8;
const NFT_MSG_NEWRULE = SUBSYSTEM | 6;
const NFT_MSG_GETRULE = SUBSYSTEM | 7;
/** struct nfgenmsg: a family, a version, a number. */
const NFGENMSG = 4;
const RULE = { table: 1, chain: 2, handle: 3, expressions: 4 } as const;
const EXPRESSION = { name: 1, data: 2 } as const;
const META = { register: 1, key: 2, source: 3 } as const;
const META_MARK = 3;
const META_NFTRACE = 23;
const BITWISE = { from: 1, to: 2, mask: 4, xor: 5, operation: 6 } as const;
const COMPARE = { register: 1, operation: 2, data: 3 } as const;
const COMPARE_EQUAL = 0;
const COMPARE_UNEQUAL = 1;
const CT_SOURCE = 4;
const PAYLOAD_SOURCE = 5;
const LOOKUP_REGISTER = 2;
const IMMEDIATE_REGISTER = 1;
const VERDICT_REGISTER = 0;
const MATCH = { name: 1, info: 3 } as const;
/** struct xt_mark_mtinfo1: mark, mask, invert (linux/netfilter/xt_mark.h). */
const XT_MARK_BYTES = 9;
/** NFPROTO_* (linux/netfilter.h). */
const FAMILIES: Readonly<Record<number, string>> = { 1: "inet", 2: "ip", 5: "netdev", 10: "ip6" };
const ALL_BITS = 0xffffffff;

/** Each rule from its struct nfgenmsg on; null where they cannot be read. */
export function dumpNftRules(libc: Libc): readonly Buffer[] | null {
  const messages = dumpTable(libc, NETLINK_NETFILTER, NFT_MSG_GETRULE, Buffer.alloc(NFGENMSG));
  if (typeof messages === "string") return null;
  return messages.flatMap(({ type, body }) => (type === NFT_MSG_NEWRULE ? body : []));
}

/** @param body a rule, from its struct nfgenmsg on; one entry for each look at the mark */
export function readNftRule(body: Buffer): readonly NftMarkRule[] {
  const family = FAMILIES[body[0] ?? 0];
  const rule = attributeMap(body.subarray(NFGENMSG));
  const handle = rule.get(RULE.handle);
  if (family === undefined || handle === undefined) return [];
  const expressions = attributesOf(rule.get(RULE.expressions) ?? Buffer.alloc(0)).map(
    ({ value }) => {
      const parts = attributeMap(value);
      const data = attributeMap(parts.get(EXPRESSION.data) ?? Buffer.alloc(0));
      return { name: textOf(parts.get(EXPRESSION.name)), data };
    },
  );
  if (!expressions.some(doesSomething)) return [];
  const where = {
    family,
    table: textOf(rule.get(RULE.table)),
    chain: textOf(rule.get(RULE.chain)),
    handle: Number(handle.readBigUInt64BE()),
  };
  return looksOf(expressions).map((look) => ({ ...where, ...look }));
}

interface Expression {
  readonly name: string;
  readonly data: ReadonlyMap<number, Buffer>;
}

type Look = Pick<NftMarkRule, "mark" | "mask" | "inverted">;

/** How a register was made of the mark: by one mask and one number. */
interface FromMark {
  readonly mask: number;
  readonly xor: number;
}

/** Each comparison of the mark with a number, and null for what is compared with more than one. */
function looksOf(expressions: readonly Expression[]): readonly Look[] {
  const registers = new Map<number, FromMark>();
  return expressions.flatMap(({ name, data }): readonly Look[] => {
    switch (name) {
      case "meta":
        registers.delete(numberOf(data.get(META.register)));
        if (numberOf(data.get(META.key)) === META_MARK && data.has(META.register)) {
          registers.set(numberOf(data.get(META.register)), { mask: ALL_BITS, xor: 0 });
        }
        return [];
      case "bitwise":
        follow(registers, data);
        return [];
      case "cmp":
        return compared(registers.get(numberOf(data.get(COMPARE.register))), data);
      case "lookup":
        return registers.has(numberOf(data.get(LOOKUP_REGISTER))) ? [UNKNOWN] : [];
      case "range":
      case "byteorder":
        return registers.has(numberOf(data.get(1))) ? [UNKNOWN] : [];
      case "match":
        return textOf(data.get(MATCH.name)) === "mark" ? matched(data.get(MATCH.info)) : [];
      default:
        return [];
    }
  });
}

/** Whether it matches one of the marks cannot be told. */
const UNKNOWN: Look = { mark: null, mask: null, inverted: false };

function follow(registers: Map<number, FromMark>, data: ReadonlyMap<number, Buffer>): void {
  const from = registers.get(numberOf(data.get(BITWISE.from)));
  const to = numberOf(data.get(BITWISE.to));
  registers.delete(to);
  const mask = dataOf(data.get(BITWISE.mask));
  if (from === undefined || mask === null || numberOf(data.get(BITWISE.operation)) > 0) return;
  const xor = dataOf(data.get(BITWISE.xor)) ?? 0;
  registers.set(to, { mask: (from.mask & mask) >>> 0, xor: ((from.xor & mask) ^ xor) >>> 0 });
}

function compared(from: FromMark | undefined, data: ReadonlyMap<number, Buffer>): readonly Look[] {
  if (from === undefined) return [];
  const operation = numberOf(data.get(COMPARE.operation));
  const value = dataOf(data.get(COMPARE.data));
  if (value === null || operation > COMPARE_UNEQUAL) return [UNKNOWN];
  const mark = (value ^ from.xor) >>> 0;
  const inverted = operation !== COMPARE_EQUAL;
  return [{ mark, mask: from.mask, inverted }];
}

function matched(info: Buffer | undefined): readonly Look[] {
  if (info === undefined || info.length < XT_MARK_BYTES) return [UNKNOWN];
  const [mark, mask] = [info.readUInt32LE(0), info.readUInt32LE(4)];
  return [{ mark, mask, inverted: info[8] !== 0 }];
}

/** What only looks, counts or writes a line of a log. */
const LOOKS: readonly string[] = [
  ...["cmp", "bitwise", "lookup", "range", "byteorder", "match", "meta", "ct", "payload", "rt"],
  ...["counter", "log", "limit", "quota", "objref", "last", "hash", "numgen", "fib", "socket"],
  ...["exthdr", "connlimit", "osf", "tunnel", "xfrm"],
];

function doesSomething({ name, data }: Expression): boolean {
  if (name === "immediate") {
    return numberOf(data.get(IMMEDIATE_REGISTER)) === VERDICT_REGISTER;
  }
  // A mark that is set, unless it is the one for tracing.
  if (name === "meta" && data.has(META.source)) {
    return numberOf(data.get(META.key)) !== META_NFTRACE;
  }
  if (name === "ct" && data.has(CT_SOURCE)) return true;
  if (name === "payload" && data.has(PAYLOAD_SOURCE)) return true;
  return !LOOKS.includes(name);
}

function attributeMap(bytes: Buffer): ReadonlyMap<number, Buffer> {
  return new Map(attributesOf(bytes).map(({ type, value }) => [type, value]));
}

/** Numbers of nfnetlink are big-endian; 0 where there is none. */
function numberOf(value: Buffer | undefined): number {
  return value === undefined || value.length < 4 ? 0 : value.readUInt32BE();
}

/** NFTA_DATA_VALUE: a mark is in the order of this machine. Null for any other size. */
function dataOf(data: Buffer | undefined): number | null {
  const value = data === undefined ? undefined : attributeMap(data).get(1);
  return value?.length === 4 ? value.readUInt32LE() : null;
}

function textOf(value: Buffer | undefined): string {
  return (value ?? Buffer.alloc(0)).toString("utf8").replace(/\0+$/, "");
}
