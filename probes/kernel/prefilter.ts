// The early return for packets of others, which are most: a few loads and no call. What may be ours goes on to the parser.
//
// Registers as in program.ts: r7 the struct sk_buff, r8 the IP header. An early return goes to "foreign", where the mark is
// looked at, or, from another namespace, to "out".

import type { Assembler } from "ebpf-ts-bindings";
import { COOKIE_MAGIC } from "../packet/cookie.ts";
import type { KernelLayout } from "./layout.ts";
import type { ProgramSettings } from "./program-settings.ts";

/** Protocol numbers (IANA). */
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
/** IPv6 headers that stand before another one: left to the parser. */
const EXTENSIONS = [0, 43, 44, 60];
/** Of struct iphdr; IPv6 has its next header where IPv4 has the fragment offset's first byte. */
const IPHDR = { fragment: 6, protocol: 9 } as const;
/** Of struct tcphdr; UDP and ICMP have the first bytes of their payload where TCP has the acknowledgement. */
const TCPHDR = { source: 0, destination: 2, sequence: 4, acknowledgement: 8 } as const;
const IPV6_HEADER_BYTES = 40;
/** RFC 792: echo reply and request; any other may hold one of ours. */
const ECHO = [0, 8];
const ICMPV6_INFORMATIONAL = 128;

export function returnEarly(a: Assembler, layout: KernelLayout, settings: ProgramSettings): void {
  if (settings.netns !== null) leaveOtherNamespaces(a, layout, settings.netns);
  if (!settings.prefilter || layout.cast === null) return;
  if (settings.mark !== null) {
    // Ours, whatever it holds: its headers are wanted.
    a.load("u32", "r1", "r7", layout.skb.mark)
      .alu32("and", "r1", settings.mark.mask)
      .jump32("eq", "r1", settings.mark.value, "pre-ours");
  }
  findTransport(a, layout.cast);
  a.jump("eq", "r4", TCP, "pre-tcp")
    .jump("eq", "r4", UDP, "pre-udp")
    .load("u16", "r1", "r9", TCPHDR.source)
    .alu("and", "r1", 0xff)
    .jump("eq", "r4", ICMP, "pre-icmp")
    .jump("ne", "r4", ICMPV6, "foreign")
    .jump("lt", "r1", ICMPV6_INFORMATIONAL, "pre-ours")
    .goto("pre-magic")
    .label("pre-icmp");
  for (const type of ECHO) a.jump("eq", "r1", type, "pre-magic");
  a.goto("pre-ours").label("pre-tcp");
  matchNumbers(a, settings);
  matchPorts(a, settings);
  a.goto("foreign").label("pre-udp");
  matchPorts(a, settings);
  a.label("pre-magic")
    .load("u32", "r1", "r9", TCPHDR.acknowledgement)
    .jump32("ne", "r1", MAGIC, "foreign")
    .label("pre-ours");
}

/** As the kernel's memory holds it. */
const MAGIC = Buffer.from(COOKIE_MAGIC.toString(16), "hex").readUInt32LE();

/** A packet without an interface, and one in a socket's queue, whose field is something else by then, goes on. */
function leaveOtherNamespaces(a: Assembler, { skb, netns }: KernelLayout, inode: number): void {
  if (netns === null) return;
  a.load("u64", "r1", "r7", skb.dev)
    .jump("eq", "r1", 0, "any-netns")
    .load("u64", "r1", "r1", netns.ofDev)
    .load("u32", "r1", "r1", netns.inode)
    .jump("eq", "r1", 0, "any-netns")
    .jump32("ne", "r1", inode, "out")
    .label("any-netns");
}

/** Leaves r9 a pointer to the transport header, r4 its protocol. */
function findTransport(a: Assembler, cast: Cast): void {
  castTo(a, cast, "r8", cast.tcphdr);
  a.mov("r9", "r8")
    // The first two bytes: version and header length are in the lower one.
    .load("u16", "r1", "r0", 0)
    .mov("r2", "r1")
    .alu("and", "r1", 0xf0)
    .jump("eq", "r1", 0x60, "pre-v6")
    .jump("ne", "r1", 0x40, "foreign")
    .alu("and", "r2", 0x0f)
    .alu("lsh", "r2", 2)
    .alu("add", "r9", "r2");
  castTo(a, cast, "r9", cast.tcphdr);
  a.mov("r9", "r0");
  castTo(a, cast, "r8", cast.iphdr);
  a.load("u8", "r4", "r0", IPHDR.protocol)
    .goto("pre-transport")
    .label("pre-v6")
    .alu("add", "r9", IPV6_HEADER_BYTES);
  castTo(a, cast, "r9", cast.tcphdr);
  a.mov("r9", "r0");
  castTo(a, cast, "r8", cast.iphdr);
  a.load("u16", "r4", "r0", IPHDR.fragment).alu("and", "r4", 0xff);
  for (const header of EXTENSIONS) a.jump("eq", "r4", header, "pre-ours");
  a.label("pre-transport");
}

type Cast = NonNullable<KernelLayout["cast"]>;

/** r0 becomes a pointer that may be read as that struct; r1 to r5 are lost. */
function castTo(a: Assembler, cast: Cast, from: "r8" | "r9", type: number): void {
  a.mov("r1", from).mov("r2", type).callKernelFunction(cast.function);
}

/** A sequence number, or one that is acknowledged, that may be a cookie. */
function matchNumbers(a: Assembler, { session }: ProgramSettings): void {
  if (session === null) return;
  a.load("u32", "r1", "r9", TCPHDR.sequence)
    .toBigEndian("r1", 32)
    .alu("rsh", "r1", 16)
    .jump("eq", "r1", session, "pre-ours")
    .load("u32", "r1", "r9", TCPHDR.acknowledgement)
    .toBigEndian("r1", 32)
    .alu32("sub", "r1", 1)
    .alu("rsh", "r1", 16)
    .jump("eq", "r1", session, "pre-ours");
}

/** One of the two ports is that of a connection in hand, or of an earlier one. */
function matchPorts(a: Assembler, { flows }: ProgramSettings): void {
  a.loadMapValue("r2", flows.ports, 0);
  for (const at of [TCPHDR.source, TCPHDR.destination]) {
    a.load("u16", "r1", "r9", at)
      .mov("r3", "r1")
      .alu("rsh", "r3", 3)
      .mov("r5", "r2")
      .alu("add", "r5", "r3")
      .load("u8", "r5", "r5", 0)
      .alu("and", "r1", 7)
      .alu("rsh", "r5", "r1")
      .jump("set", "r5", 1, "pre-ours");
  }
}
