// A program for tests that makes one record of every umask(2) with a mask that nobody else uses.

import { arch } from "node:process";
import {
  type Bpf,
  type Btf,
  createAssembler,
  type PerCpuArrayMap,
  type Program,
  type RingBufferMap,
} from "ebpf-ts-bindings";

export interface Counter {
  readonly ring: RingBufferMap;
  readonly lost: PerCpuArrayMap;
  readonly program: Program;
  /** Makes as many records, numbered on from the last, each with its number as u64 at its start. */
  trigger(count: number): void;
  close(): void;
}

const MASK = 0o765;
/** asm/unistd_64.h, asm-generic/unistd.h */
const UMASK = arch === "x64" ? 95 : 166;
const FIRST_ARGUMENT = arch === "x64" ? "di" : "regs";

/** @param recordBytes at least 8 */
export function attachCounter(
  bpf: Bpf,
  btf: Btf,
  options: { readonly name: string; readonly ringBytes: number; readonly recordBytes: number },
): Counter {
  const { name, ringBytes, recordBytes } = options;
  const ring = bpf.createRingBuffer({ name, sizeBytes: ringBytes });
  const next = bpf.createArray({ name, valueBytes: 8, entries: 1 });
  const lost = bpf.createPerCpuArray({ name, valueBytes: 8, entries: 1 });
  const target = btf.tracepoint("sys_enter");
  const argument = btf.field("pt_regs", FIRST_ARGUMENT);
  if (target === undefined || argument === undefined) throw new Error("no sys_enter in BTF");
  const instructions = createAssembler()
    .load("u64", "r2", "r1", 8)
    .jump("ne", "r2", UMASK, "out")
    .load("u64", "r3", "r1", 0)
    .load("u64", "r2", "r3", argument.offsetBytes)
    .jump("ne", "r2", MASK, "out")
    .store("u32", "r10", -4, 0)
    .loadMap("r1", next)
    .mov("r2", "r10")
    .alu("add", "r2", -4)
    .call("map_lookup_elem")
    .jump("eq", "r0", 0, "out")
    .load("u64", "r6", "r0", 0)
    .mov("r1", 1)
    .atomicAdd("u64", "r0", 0, "r1")
    .loadMap("r1", ring)
    .mov("r2", recordBytes)
    .mov("r3", 0)
    .call("ringbuf_reserve")
    .jump("eq", "r0", 0, "lost")
    .store("u64", "r0", 0, "r6")
    .mov("r1", "r0")
    .mov("r2", 0)
    .call("ringbuf_submit")
    .goto("out")
    .label("lost")
    .loadMap("r1", lost)
    .mov("r2", "r10")
    .alu("add", "r2", -4)
    .call("map_lookup_elem")
    .jump("eq", "r0", 0, "out")
    .mov("r1", 1)
    .atomicAdd("u64", "r0", 0, "r1")
    .label("out")
    .mov("r0", 0)
    .exit()
    .assemble();
  const program = bpf.loadProgram({ name, kind: "tp_btf", target, instructions });
  const link = program.attach();
  return {
    ring,
    lost,
    program,
    trigger: (count) => {
      const before = process.umask();
      for (let i = 0; i < count; i += 1) process.umask(MASK);
      process.umask(before);
    },
    close: () => {
      for (const part of [link, program, next, lost, ring]) part.close();
    },
  };
}
