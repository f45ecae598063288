// What the tests of eBPF share: whether they can run at all, and a program that tells dropped packets of one namespace.

import { existsSync, readFileSync, statSync } from "node:fs";
import {
  type Assembler,
  type Btf,
  createAssembler,
  type Target,
  tracepointTarget,
} from "../../../probes/ebpf-ts-bindings/src/index.ts";

/** Why nothing of eBPF can run here, found without the code under test; null when it has to run. */
export function whyNoEbpf(): string | null {
  if (!existsSync("/sys/kernel/btf/vmlinux")) return "this kernel has no BTF";
  const [, mask = "0"] =
    /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  const has = (bit: bigint) => ((BigInt(`0x${mask}`) >> bit) & 1n) === 1n;
  const first = /^\s*0\s+0\s+4294967295/.test(readFileSync("/proc/self/uid_map", "utf8"));
  const [admin, perfmon, bpf] = [has(21n), has(38n), has(39n)];
  const isRoot = process.getuid?.() === 0 && first;
  return isRoot && (admin || (perfmon && bpf)) ? null : "needs root with CAP_BPF and CAP_PERFMON";
}

/** The inode by which the kernel knows a network namespace. */
export function namespaceInode(name: string): number {
  return statSync(`/run/netns/${name}`).ino;
}

/** Bytes that a struct's member is at. @throws Error when this kernel has no such member */
export function offsetOf(btf: Btf, struct: string, path: string): number {
  const member = btf.member(struct, path);
  if (member === null) throw new Error(`this kernel has no ${struct}.${path}`);
  return member.offsetBytes;
}

export function dropTarget(btf: Btf): Target {
  return tracepointTarget(btf, "kfree_skb");
}

/** Goes on only for packets dropped in that namespace: context in r6, packet in r7; others leave. */
export function onlyDropsIn(btf: Btf, inode: number): Assembler {
  return createAssembler()
    .mov("r6", "r1")
    .load("u64", "r7", "r6", 0)
    .load("u64", "r1", "r7", offsetOf(btf, "sk_buff", "dev"))
    .jump("eq", "r1", 0, "out")
    .load("u64", "r1", "r1", offsetOf(btf, "net_device", "nd_net.net"))
    .load("u32", "r1", "r1", offsetOf(btf, "net", "ns.inum"))
    .constant("r2", BigInt(inode))
    .jump("ne", "r1", "r2", "out");
}

/** The only way out. */
export function leave(assembler: Assembler): Buffer {
  return assembler.label("out").mov("r0", 0).exit().assemble();
}
