// One program for one hook: is the packet ours, and if so a record of it. Packets of others return early.
// Registers: r6 the hook's context, r7 the struct sk_buff, r8 the cursor, r9 header length or record.

import { type Assembler, createAssembler } from "ebpf-ts-bindings";
import type { Hook } from "./hooks.ts";
import type { KernelLayout } from "./layout.ts";
import { parsePacket } from "./packet-program.ts";
import { returnEarly } from "./prefilter.ts";
import type { ProgramSettings } from "./program-settings.ts";
import { HEADERS_BYTES, MATCH, NAME_BYTES, PARSED_BYTES, RECORD, RECORD_BYTES } from "./record.ts";
import { IP_BYTES, L4_BYTES, parsedAt, STACK } from "./stack.ts";

/** @param index the hook's number, which its records carry */
export function buildProgram(
  layout: KernelLayout,
  hook: Hook,
  index: number,
  settings: ProgramSettings,
): Buffer {
  const a = createAssembler();
  a.mov("r6", "r1").load("u64", "r7", "r6", hook.skb * 8);
  if (hook.header === "data") a.load("u64", "r8", "r7", layout.skb.data);
  else {
    a.load("u64", "r8", "r7", layout.skb.head)
      .load("u16", "r1", "r7", layout.skb.networkHeader)
      .alu("add", "r8", "r1");
  }
  returnEarly(a, layout, settings);
  a.store("u64", "r10", STACK.parsed, 0).store("u64", "r10", STACK.parsed + 8, 0);
  if (settings.headers) clearHeaders(a);
  parsePacket(a, settings);
  a.label("foreign");
  matchMark(a, layout, settings);
  a.label("ours");
  reserve(a, settings);
  writeArguments(a, hook, index);
  writePacket(a, layout);
  if (settings.headers) writeHeaders(a);
  writeDevice(a, layout);
  a.label("submit").mov("r1", "r9").mov("r2", 0).call("ringbuf_submit");
  a.label("out").mov("r0", 0).exit();
  countLost(a, settings);
  return a.assemble();
}

function matchMark(a: Assembler, layout: KernelLayout, settings: ProgramSettings): void {
  const { mark, everything } = settings;
  if (everything) {
    a.store("u8", "r10", parsedAt("match"), MATCH.any)
      .store("u8", "r10", parsedAt("quoted"), 0)
      .store("u32", "r10", STACK.id, 0);
    return;
  }
  if (mark === null) {
    a.goto("out");
    return;
  }
  a.load("u32", "r1", "r7", layout.skb.mark)
    .store("u32", "r10", STACK.id, "r1")
    .alu32("and", "r1", mark.mask)
    .jump32("ne", "r1", mark.value, "out")
    .store("u8", "r10", parsedAt("match"), MATCH.mark)
    .store("u8", "r10", parsedAt("quoted"), 0);
}

function reserve(a: Assembler, { ring, headers }: ProgramSettings): void {
  a.loadMap("r1", ring)
    .mov("r2", RECORD_BYTES + (headers ? HEADERS_BYTES : 0))
    .mov("r3", 0)
    .call("ringbuf_reserve")
    .jump("eq", "r0", 0, "lost")
    .mov("r9", "r0")
    .call("ktime_get_ns")
    .store("u64", "r9", RECORD.timeNs, "r0")
    .call("get_smp_processor_id")
    .store("u32", "r9", RECORD.cpu, "r0");
}

function writeArguments(a: Assembler, hook: Hook, index: number): void {
  const copy = (argument: number | null | undefined, width: "u8" | "u32" | "u64", at: number) => {
    if (argument === null || argument === undefined) a.store(width, "r9", at, 0);
    else a.load("u64", "r1", "r6", argument * 8).store(width, "r9", at, "r1");
  };
  copy(hook.location, "u64", RECORD.location);
  copy(hook.reason, "u32", RECORD.reason);
  copy(hook.icmp?.[0], "u8", RECORD.icmpSentType);
  copy(hook.icmp?.[1], "u8", RECORD.icmpSentCode);
  a.store("u16", "r9", RECORD.hook, index);
}

function writePacket(a: Assembler, layout: KernelLayout): void {
  a.store("u64", "r9", RECORD.skb, "r7")
    .load("u32", "r1", "r10", STACK.id)
    .store("u32", "r9", RECORD.id, "r1")
    .load("u32", "r1", "r7", layout.skb.len)
    .store("u32", "r9", RECORD.length, "r1");
  for (let offset = 0; offset < PARSED_BYTES; offset += 4) {
    a.load("u32", "r1", "r10", STACK.parsed + offset).store(
      "u32",
      "r9",
      RECORD.parsed + offset,
      "r1",
    );
  }
  a.store("u32", "r9", RECORD.parsed + PARSED_BYTES, 0);
}

/** What a packet is too short or too unusual for is written out all the same. */
function clearHeaders(a: Assembler): void {
  for (let offset = 0; offset < L4_BYTES + IP_BYTES; offset += 8) {
    a.store("u64", "r10", STACK.l4 + offset, 0);
  }
}

/** The IP header that the cursor was at last, of the original datagram where one was found, and the ports behind it. */
function writeHeaders(a: Assembler): void {
  const copy = (from: number, to: number) =>
    a.load("u32", "r1", "r10", from).store("u32", "r9", RECORD_BYTES + to, "r1");
  for (let offset = 0; offset < IP_BYTES; offset += 4) copy(STACK.ip + offset, offset);
  copy(STACK.l4, IP_BYTES);
}

/**
 * Interface and namespace. A socket's queue uses the room of skb->dev for itself, and what is then read through
 * it is 0 (a fault, which the kernel turns into 0): the interface is then the one it came in by.
 */
function writeDevice(a: Assembler, { skb, dev, netns }: KernelLayout): void {
  a.store("u32", "r9", RECORD.netns, 0)
    .load("u64", "r8", "r7", skb.dev)
    .jump("eq", "r8", 0, "no-dev")
    .load("u32", "r1", "r8", dev.ifindex)
    .jump("eq", "r1", 0, "no-dev")
    .store("u32", "r9", RECORD.ifindex, "r1");
  if (netns !== null) copyInode(a, netns.ofDev, netns.inode);
  a.mov("r1", "r9")
    .alu("add", "r1", RECORD.name)
    .mov("r2", NAME_BYTES)
    .mov("r3", "r8")
    .alu("add", "r3", dev.name)
    .call("probe_read_kernel")
    .goto("submit")
    .label("no-dev")
    .load("u32", "r1", "r7", skb.iif)
    .store("u32", "r9", RECORD.ifindex, "r1")
    .store("u64", "r9", RECORD.name, 0)
    .store("u64", "r9", RECORD.name + 8, 0);
  if (netns === null) return;
  a.load("u64", "r8", "r7", skb.sk).jump("eq", "r8", 0, "submit");
  copyInode(a, netns.ofSock, netns.inode);
}

/** From the struct net that a pointer in what r8 points to points to. */
function copyInode(a: Assembler, pointerAt: number, inodeAt: number): void {
  a.load("u64", "r2", "r8", pointerAt)
    .load("u32", "r1", "r2", inodeAt)
    .store("u32", "r9", RECORD.netns, "r1");
}

function countLost(a: Assembler, { lost }: ProgramSettings): void {
  a.label("lost")
    .store("u32", "r10", STACK.index, 0)
    .loadMap("r1", lost)
    .mov("r2", "r10")
    .alu("add", "r2", STACK.index)
    .call("map_lookup_elem")
    .jump("eq", "r0", 0, "out")
    .mov("r1", 1)
    .atomicAdd("u64", "r0", 0, "r1")
    .goto("out");
}
