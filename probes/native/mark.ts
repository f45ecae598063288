// SO_MARK of what this tool sends: by it nft, `ip rule`, tcpdump and pwru know its packets, as far as this kernel carries them.

import { EXIT, TraceError } from "../../src/errors.ts";
import { formatMark, formatMarkRule, formatNftRule } from "../../src/facts/marks.ts";
import type { Privilege } from "../../src/schema/events/guest.ts";
import type { MarkChoice, PacketMarks } from "../../src/schema/events/run.ts";
import { AF_INET, AF_INET6, SO_MARK, SOCK_CLOEXEC, SOCK_DGRAM, SOL_SOCKET } from "./constants.ts";
import { errnoName, type Libc } from "./libc.ts";
import { type MarkRule, readMarkRules } from "./mark-rules.ts";
import { dumpNftRules, type NftMarkRule, readNftRule } from "./nft-mark-rules.ts";

/** "WT" in the upper half; the lower one is for the number of a probe or a connection. */
export const MARK = 0x57540000;
export const MARK_MASK = 0xffff0000;
const NUMBER_MASK = 0xffff;

/** The mark that packet number n of a run carries; undefined where none is set. */
export type MarkOf = (n: number) => number | undefined;

export const unmarked: MarkOf = () => undefined;

export interface ChosenMarks {
  readonly markOf: MarkOf;
  /** What is told of it. */
  readonly reported: Omit<PacketMarks, "kind">;
  /** The same as one of the privileges. */
  readonly rung: Omit<Privilege, "kind">;
}

/**
 * Marks change the path where a rule of the routing tables matches them: then they are left out, unless one was requested.
 * @param requested --mark; undefined for the tool's own
 * @param dumpRules rules of nftables, as the kernel dumps them; null where they cannot be read
 * @throws TraceError where a mark was requested and the kernel refuses it
 */
export function chooseMarks(
  libc: Libc,
  requested: MarkChoice | undefined,
  dumpRules: () => readonly Buffer[] | null = () => dumpNftRules(libc),
): ChosenMarks {
  const nftRules = () => (dumpRules() ?? []).flatMap(readNftRule);
  if (requested === "none") return withoutMarks("switched off by --mark none", null);
  const refused = tryMark(libc);
  if (refused !== null) {
    if (requested !== undefined) throw unusable(requested, refused);
    return withoutMarks(`SO_MARK needs CAP_NET_ADMIN (${refused})`, "run it with sudo");
  }
  const found = readMarkRules(libc);
  if (requested !== undefined) {
    const rules = typeof found === "string" ? [] : found.filter(divertsOne(requested));
    const nft = nftRules().filter(mayMatch(divertsOne(requested)));
    const reported = { mark: requested, numbered: false, reason: null, rules, nft };
    return { markOf: () => requested, reported, rung: AVAILABLE };
  }
  if (typeof found === "string") {
    return withoutMarks(`the routing rules cannot be read (${found})`, null);
  }
  const rules = found.filter(divertsSome);
  const [first] = rules;
  if (first !== undefined) {
    const reason = `${formatMarkRule(first)} would take marked packets another way`;
    return withoutMarks(reason, `--mark ${formatMark(first.mark)}, to follow that way`, rules);
  }
  const nft = nftRules().filter(mayMatch(divertsSome));
  // Who names the tool's own marks wants to see its packets.
  const other = nft.find((rule) => !namesOwn(rule));
  if (other !== undefined) {
    const reason = `${formatNftRule(other)} may treat marked packets otherwise`;
    return withoutMarks(
      reason,
      "--mark with the mark that it matches, to follow that way",
      [],
      nft,
    );
  }
  return {
    markOf: (n) => (MARK | (n & NUMBER_MASK)) >>> 0,
    reported: { mark: MARK, numbered: true, reason: null, rules, nft },
    rung: AVAILABLE,
  };
}

/** A number that has bits outside its mask is never met, whatever the packet's. */
function mayMatch(diverts: (rule: Look) => boolean): (rule: NftMarkRule) => boolean {
  return ({ mark, mask }) => {
    if (mark === null || mask === null) return true;
    return (mark & ~mask) === 0 && diverts({ mark, mask });
  };
}

function namesOwn({ mark, mask }: NftMarkRule): boolean {
  if (mark === null || mask === null) return false;
  return (mask & MARK_MASK) >>> 0 === MARK_MASK && (mark & MARK_MASK) >>> 0 === MARK;
}

const RUNG = "packet-marks";
const AVAILABLE = { rung: RUNG, available: true, reason: null, enable: null } as const;

function withoutMarks(
  reason: string,
  enable: string | null,
  rules: readonly MarkRule[] = [],
  nft: readonly NftMarkRule[] = [],
): ChosenMarks {
  return {
    markOf: unmarked,
    reported: { mark: null, numbered: false, reason, rules: [...rules], nft: [...nft] },
    rung: { rung: RUNG, available: false, reason, enable },
  };
}

function unusable(requested: number, error: string): TraceError {
  const hint = error === "EPERM" ? "run it with sudo" : "leave it out";
  const message = `--mark ${formatMark(requested)} cannot be set (${error}): ${hint}`;
  return new TraceError("mark-refused", message, { exitCode: EXIT.inconclusive });
}

/** Errno's name where the kernel refuses it, else null. */
function tryMark(libc: Libc): string | null {
  const fd = libc.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errnoName(libc.errno());
  const error = setMark(libc, fd, MARK) ? null : errnoName(libc.errno());
  libc.close(fd);
  return error;
}

type Look = Pick<MarkRule, "mark" | "mask">;

/** As the kernel compares them (net/core/fib_rules.c, fib_rule_match). */
function matches({ mark, mask }: Look, packet: number): boolean {
  return ((mark ^ packet) & mask) === 0;
}

function divertsOne(packet: number): (rule: Look) => boolean {
  return (rule) => matches(rule, packet) !== matches(rule, 0);
}

/** Whether any of the tool's numbers is treated otherwise than no mark. */
function divertsSome(rule: Look): boolean {
  const upper = { ...rule, mask: rule.mask & MARK_MASK };
  const some = matches(upper, MARK);
  const all = some && (rule.mask & NUMBER_MASK) === 0;
  return matches(rule, 0) ? !all : some;
}

/** The bytes of the option. */
export function markValue(mark: number): Buffer {
  const value = Buffer.alloc(4);
  value.writeUInt32LE(mark);
  return value;
}

/** @returns false where the kernel refuses it */
export function setMark(libc: Libc, fd: number, mark: number | undefined): boolean {
  if (mark === undefined) return true;
  return libc.setsockopt(fd, SOL_SOCKET, SO_MARK, markValue(mark), 4) === 0;
}

/** Sockets that are marked as they are opened, with number 0: those of probes and connections get their own then. */
export function markedBy(libc: Libc, markOf: MarkOf): Libc {
  const mark = markOf(0);
  if (mark === undefined) return libc;
  return {
    ...libc,
    socket: (domain, type, protocol) => {
      const fd = libc.socket(domain, type, protocol);
      if (fd >= 0 && (domain === AF_INET || domain === AF_INET6)) setMark(libc, fd, mark);
      return fd;
    },
  };
}
