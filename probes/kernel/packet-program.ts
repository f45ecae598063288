// The part of a program that reads the packet: jumps to "ours" with id and match set, or falls through.
//
// 1. The IP header; a fragment but the first carries no cookie. One IPv6 extension header is stepped over.
// 2. The header behind it. UDP and TCP: is it a connection of the tool? UDP and ICMP: is there a cookie of this session?
//    TCP: is the cookie the sequence number of a SYN, or acknowledged by a SYN or RST?
// 3. An ICMP error: the same for the original datagram in it, where the flags of TCP may be cut off.

import type { Assembler } from "ebpf-ts-bindings";
import { COOKIE_MAGIC } from "../packet/cookie.ts";
import { FLOW_KEY } from "./flows.ts";
import type { ProgramSettings } from "./program-settings.ts";
import { MATCH } from "./record.ts";
import { FLOW_KEY_BYTES, IP_BYTES, L4_BYTES, parsedAt, STACK } from "./stack.ts";

/** Protocol numbers (IANA). */
const ICMP = 1;
export const TCP = 6;
export const UDP = 17;
const ICMPV6 = 58;
const FRAGMENT = 44;
/** Hop-by-hop options, routing, destination options: the second byte is the length in 8 bytes, less one. */
const EXTENSIONS = [0, 43, 60];

/** RFC 792: destination unreachable, time exceeded, parameter problem. RFC 4443: errors are below 128. */
const ICMP_ERRORS = [3, 11, 12];
const ICMPV6_INFORMATIONAL = 128;
const ICMP_HEADER_BYTES = 8;

/** RFC 9293 */
const SYN = 0x02;
const RST = 0x04;

export function parsePacket(a: Assembler, settings: ProgramSettings): void {
  parseLevel(a, settings, { quoted: false, at: (name) => name });
  parseLevel(a, settings, { quoted: true, at: (name) => `quoted-${name}` });
}

export interface Level {
  readonly quoted: boolean;
  /** Labels of the two levels differ. */
  at(name: string): string;
}

function parseLevel(a: Assembler, settings: ProgramSettings, level: Level): void {
  readIpHeader(a, level);
  matchPeers(a, settings, level);
  stepOverExtension(a, level);
  readKernel(a, STACK.l4, L4_BYTES);
  a.load("u8", "r4", "r10", STACK.protocol)
    .jump("eq", "r4", UDP, level.at("flow"))
    .jump("eq", "r4", TCP, level.at("tcp"))
    .jump("eq", "r4", ICMP, level.at("icmp"))
    .jump("ne", "r4", ICMPV6, "foreign");
  a.label(level.at("icmp"));
  if (!level.quoted) copyBytes(a, STACK.l4, parsedAt("icmpType"), 2);
  a.goto(level.at("cookie"));
  matchSequence(a, settings, level);
  matchFlow(a, settings, level);
  matchCookie(a, settings, level);
  if (!level.quoted) enterOriginalDatagram(a);
}

/** Reads from the cursor onto the stack. */
export function readKernel(a: Assembler, at: number, size: number): void {
  a.mov("r1", "r10")
    .alu("add", "r1", at)
    .mov("r2", size)
    .mov("r3", "r8")
    .call("probe_read_kernel")
    .jump("ne", "r0", 0, "foreign");
}

function copyBytes(a: Assembler, from: number, to: number, count: number): void {
  for (let i = 0; i < count; i += 1) {
    a.load("u8", "r1", "r10", from + i).store("u8", "r10", to + i, "r1");
  }
}

/** Leaves r2 the version; the cursor is moved behind the header. */
export function readIpHeader(a: Assembler, level: Level): void {
  readKernel(a, STACK.ip, IP_BYTES);
  a.load("u8", "r1", "r10", STACK.ip)
    .mov("r2", "r1")
    .alu("rsh", "r2", 4)
    .jump("eq", "r2", 6, level.at("v6"))
    .jump("ne", "r2", 4, "foreign")
    // The lower 13 bits of the word at 6, as the two bytes 0x1f 0xff.
    .load("u16", "r3", "r10", STACK.ip + 6)
    .alu("and", "r3", 0xff1f)
    .jump("ne", "r3", 0, "foreign")
    .alu("and", "r1", 15)
    .alu("lsh", "r1", 2)
    .mov("r9", "r1")
    .load("u8", "r4", "r10", STACK.ip + 9)
    .load("u8", "r5", "r10", STACK.ip + 8)
    .load("u16", "r3", "r10", STACK.ip + 2)
    .toBigEndian("r3", 16)
    .goto(level.at("header"))
    .label(level.at("v6"))
    .mov("r9", IP_BYTES)
    .load("u8", "r4", "r10", STACK.ip + 6)
    .load("u8", "r5", "r10", STACK.ip + 7)
    .load("u16", "r3", "r10", STACK.ip + 4)
    .toBigEndian("r3", 16)
    .alu("add", "r3", IP_BYTES)
    .label(level.at("header"))
    .store("u8", "r10", STACK.protocol, "r4");
  if (!level.quoted) {
    a.store("u8", "r10", parsedAt("version"), "r2")
      .store("u8", "r10", parsedAt("ttl"), "r5")
      .alu("add", "r3", "r8")
      .store("u64", "r10", STACK.end, "r3");
  }
  a.alu("add", "r8", "r9");
}

function stepOverExtension(a: Assembler, level: Level): void {
  a.jump("ne", "r2", 6, level.at("upper"));
  for (const header of [...EXTENSIONS, FRAGMENT]) a.jump("eq", "r4", header, level.at("extension"));
  a.goto(level.at("upper")).label(level.at("extension"));
  readKernel(a, STACK.l4, 8);
  a.load("u8", "r4", "r10", STACK.protocol)
    .load("u8", "r2", "r10", STACK.l4 + 1)
    .jump("ne", "r4", FRAGMENT, level.at("sized"))
    .mov("r2", 0)
    .load("u16", "r3", "r10", STACK.l4 + 2)
    .toBigEndian("r3", 16)
    .alu("and", "r3", 0xfff8)
    .jump("ne", "r3", 0, "foreign")
    .label(level.at("sized"))
    .alu("add", "r2", 1)
    .alu("lsh", "r2", 3)
    .alu("add", "r8", "r2")
    .load("u8", "r1", "r10", STACK.l4)
    .store("u8", "r10", STACK.protocol, "r1")
    .label(level.at("upper"));
  if (!level.quoted) copyBytes(a, STACK.protocol, parsedAt("protocol"), 1);
}

/** Source or destination; nothing is lost of the registers but r1 and r3. */
function matchPeers(a: Assembler, { peers }: ProgramSettings, level: Level): void {
  for (const [n, peer] of peers.entries()) {
    const next = level.at(`not-peer-${n}`);
    a.jump("ne", "r2", peer.length === 4 ? 4 : 6, next);
    const [source, destination] = peer.length === 4 ? [12, 16] : [8, 24];
    for (const [side, at] of [source, destination].entries()) {
      const other = level.at(`not-peer-${n}-${side}`);
      for (let i = 0; i < peer.length; i += 4) {
        a.load("u32", "r1", "r10", STACK.ip + at + i)
          .loadImmediate64("r3", BigInt(peer.readUInt32LE(i)))
          .jump("ne", "r1", "r3", other);
      }
      a.goto(level.at("peer")).label(other);
    }
    a.label(next);
  }
  if (peers.length === 0) return;
  a.goto(level.at("no-peer"))
    .label(level.at("peer"))
    .store("u32", "r10", STACK.id, 0)
    .store("u8", "r10", parsedAt("match"), MATCH.any);
  if (!level.quoted) {
    // What a reader wants to know of it besides.
    copyBytes(a, STACK.protocol, parsedAt("protocol"), 1);
    readKernel(a, STACK.l4, L4_BYTES);
  }
  a.goto("ours").label(level.at("no-peer"));
}

/** Falls through to the flow when the numbers are not ours. */
function matchSequence(a: Assembler, { session }: ProgramSettings, level: Level): void {
  a.label(level.at("tcp"))
    .load("u32", "r2", "r10", STACK.l4 + 4)
    .toBigEndian("r2", 32)
    .load("u32", "r3", "r10", STACK.l4 + 8)
    .toBigEndian("r3", 32)
    .load("u8", "r5", "r10", STACK.l4 + 13);
  if (!level.quoted) {
    a.store("u32", "r10", parsedAt("seq"), "r2")
      .store("u32", "r10", parsedAt("ack"), "r3")
      .store("u8", "r10", parsedAt("tcpFlags"), "r5")
      .jump("set", "r5", SYN, level.at("syn"))
      .goto(level.at("no-syn"));
  }
  a.label(level.at("syn"));
  // Nothing but the session distinguishes a sequence number that is a cookie from any other.
  if (session !== null) takeCookie(a, "r2", session, level.at("no-syn"));
  a.label(level.at("no-syn"));
  if (level.quoted || session === null) {
    a.goto(level.at("flow"));
    return;
  }
  a.jump("set", "r5", SYN | RST, level.at("acked"))
    .goto(level.at("flow"))
    .label(level.at("acked"))
    .alu32("sub", "r3", 1);
  takeCookie(a, "r3", session, level.at("flow"));
}

function takeCookie(
  a: Assembler,
  from: "r2" | "r3",
  session: number | null,
  otherwise: string,
): void {
  if (session !== null) {
    a.mov("r1", from).alu("rsh", "r1", 16).jump("ne", "r1", session, otherwise);
  }
  a.store("u32", "r10", STACK.id, from)
    .store("u8", "r10", parsedAt("match"), MATCH.cookie)
    .goto("ours");
}

function matchFlow(a: Assembler, { flows }: ProgramSettings, level: Level): void {
  // A look-up costs more than everything else, so it is left out while there is nothing to find.
  a.label(level.at("flow"))
    .loadMapValue("r1", flows.count, 0)
    .load("u32", "r1", "r1", 0)
    .jump("eq", "r1", 0, level.at("no-flow"));
  makeFlowKey(a, level);
  a.loadMap("r1", flows.byKey)
    .mov("r2", "r10")
    .alu("add", "r2", STACK.flowKey)
    .call("map_lookup_elem")
    .jump("eq", "r0", 0, level.at("no-flow"))
    .load("u32", "r1", "r0", 0)
    .store("u32", "r10", STACK.id, "r1")
    .store("u8", "r10", parsedAt("match"), MATCH.flow)
    .goto("ours")
    .label(level.at("no-flow"));
  // TCP carries its cookie in its numbers only.
  a.load("u8", "r4", "r10", STACK.protocol).jump("eq", "r4", TCP, "foreign");
}

export function makeFlowKey(a: Assembler, level: Level): void {
  const key = (offset: number) => STACK.flowKey + offset;
  const copy = (width: "u32" | "u64", from: number, to: number) =>
    a.load(width, "r1", "r10", from).store(width, "r10", key(to), "r1");
  for (let offset = 0; offset < FLOW_KEY_BYTES; offset += 8) a.store("u64", "r10", key(offset), 0);
  a.load("u8", "r2", "r10", STACK.ip)
    .alu("rsh", "r2", 4)
    .store("u8", "r10", key(FLOW_KEY.version), "r2")
    .load("u8", "r1", "r10", STACK.protocol)
    .store("u8", "r10", key(FLOW_KEY.protocol), "r1");
  copy("u32", STACK.l4, FLOW_KEY.ports);
  a.jump("eq", "r2", 6, level.at("key6"));
  copy("u32", STACK.ip + 12, FLOW_KEY.source);
  copy("u32", STACK.ip + 16, FLOW_KEY.destination);
  a.goto(level.at("key")).label(level.at("key6"));
  copy("u64", STACK.ip + 8, FLOW_KEY.source);
  copy("u64", STACK.ip + 16, FLOW_KEY.source + 8);
  copy("u64", STACK.ip + 24, FLOW_KEY.destination);
  copy("u64", STACK.ip + 32, FLOW_KEY.destination + 8);
  a.label(level.at("key"));
}

/** The 8 bytes behind a UDP or ICMP header, if the packet is that long: behind its end is what was there before. */
function matchCookie(a: Assembler, { session }: ProgramSettings, level: Level): void {
  const no = level.quoted ? "foreign" : level.at("no-cookie");
  a.label(level.at("cookie"))
    .load("u64", "r1", "r10", STACK.end)
    .mov("r2", "r8")
    .alu("add", "r2", L4_BYTES)
    .jump("gt", "r2", "r1", no)
    .load("u32", "r1", "r10", STACK.l4 + 8)
    .toBigEndian("r1", 32)
    .jump("ne", "r1", COOKIE_MAGIC, no)
    .load("u32", "r2", "r10", STACK.l4 + 12)
    .toBigEndian("r2", 32);
  takeCookie(a, "r2", session, no);
}

function enterOriginalDatagram(a: Assembler): void {
  a.label("no-cookie")
    .load("u8", "r4", "r10", STACK.protocol)
    .load("u8", "r1", "r10", STACK.l4)
    .jump("eq", "r4", ICMP, "icmp-error")
    .jump("ne", "r4", ICMPV6, "foreign")
    .jump("ge", "r1", ICMPV6_INFORMATIONAL, "foreign")
    .goto("quote")
    .label("icmp-error");
  for (const type of ICMP_ERRORS) a.jump("eq", "r1", type, "quote");
  a.goto("foreign")
    .label("quote")
    .alu("add", "r8", ICMP_HEADER_BYTES)
    .store("u8", "r10", parsedAt("quoted"), 1);
}
