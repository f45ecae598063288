// BTF of a small kernel made by hand, and every look-up in it.

import {
  type Btf,
  BtfError,
  type BtfNames,
  parseBtf,
} from "../../probes/ebpf-ts-bindings/src/index.ts";
import type { HandMadeType } from "./btf.ts";

/** The kinds of types (linux/btf.h). */
export const KIND = {
  int: 1,
  ptr: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  typedef: 8,
  const: 10,
  func: 12,
  funcProto: 13,
  enum64: 19,
};

/** A small kernel: ids run from 1. */
export const SMALL_KERNEL: readonly HandMadeType[] = [
  { name: "int", kind: KIND.int, sizeOrType: 4, following: [0] },
  // 2: union { int b; int bits; }
  { kind: KIND.union, vlen: 2, sizeOrType: 4, following: ["b", 1, 0, "again", 1, 0] },
  // 3: struct outer { int a; union; struct inner in; int last : 3 }
  {
    name: "outer",
    kind: KIND.struct,
    kindFlag: true,
    vlen: 4,
    sizeOrType: 24,
    following: ["a", 1, 0, "", 2, 32, "in", 4, 64, "last", 1, (3 << 24) | 165],
  },
  { name: "inner", kind: KIND.struct, vlen: 2, sizeOrType: 12, following: ["x", 1, 0, "y", 8, 32] },
  { kind: KIND.ptr, sizeOrType: 6 },
  { kind: KIND.const, sizeOrType: 3 },
  { name: "outer_t", kind: KIND.typedef, sizeOrType: 3 },
  { kind: KIND.array, following: [1, 1, 2] },
  // 9: int f(const struct outer *o, int n)
  { kind: KIND.funcProto, vlen: 2, sizeOrType: 1, following: ["o", 5, "n", 1] },
  { name: "f", kind: KIND.func, sizeOrType: 9 },
  // 11 to 13: the typedef of a tracepoint (void *, const struct outer *)
  { kind: KIND.funcProto, vlen: 2, following: ["", 14, "", 5] },
  { kind: KIND.ptr, sizeOrType: 11 },
  { name: "btf_trace_event", kind: KIND.typedef, sizeOrType: 12 },
  { kind: KIND.ptr, sizeOrType: 0 },
  {
    name: "e",
    kind: KIND.enum,
    kindFlag: true,
    vlen: 2,
    sizeOrType: 4,
    following: ["MINUS", -1, "ONE", 1],
  },
  { name: "u", kind: KIND.enum, vlen: 1, sizeOrType: 4, following: ["TOP", -1] },
  { name: "e64", kind: KIND.enum64, vlen: 1, sizeOrType: 8, following: ["BIG", 1, 2] },
];

/** Some of what is looked up; the rest is read on demand. */
const ANNOUNCED: BtfNames = { names: ["outer", "s", "e"], tracepoints: ["t"] };

/** Anything but an answer or a BtfError is thrown on; a reader that goes round for ever would end in the test's own limit. */
export function askEverything(data: Buffer): void {
  const questions: readonly ((read: Btf) => unknown)[] = [
    (read) => read.field("outer", "in.y"),
    (read) => read.field("s", "x"),
    (read) => read.sizeBytes("outer_t"),
    (read) => read.sizeBytes("s"),
    (read) => ["e", "u", "e64"].map((name) => read.enumerators(name)),
    (read) => [read.func("f"), read.tracepoint("event"), read.tracepoint("t")],
  ];
  let read: Btf | undefined;
  for (const look of questions) {
    try {
      read ??= parseBtf(data, ANNOUNCED);
      look(read);
    } catch (error) {
      if (!(error instanceof BtfError)) throw error;
    }
  }
}
