// Encodings byte for byte, as a C program with linux/bpf.h prints them, and what has no encoding.

import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Assembler,
  AssemblerError,
  createAssembler,
} from "../../../probes/ebpf-ts-bindings/src/index.ts";

const hex = (build: (a: Assembler) => Assembler) =>
  build(createAssembler()).assemble().toString("hex");

it.each<[string, (a: Assembler) => Assembler, string]>([
  ["ALU64|MOV|X", (a) => a.mov("r6", "r1"), "bf16000000000000"],
  ["ALU64|MOV|K", (a) => a.mov("r10", -1), "b70a0000ffffffff"],
  ["ALU64|ADD|K", (a) => a.alu("add", "r2", -8), "07020000f8ffffff"],
  ["ALU64|SUB|X", (a) => a.alu("sub", "r0", "r6"), "1f60000000000000"],
  ["ALU64|MUL|K", (a) => a.alu("mul", "r3", 7), "2703000007000000"],
  ["ALU64|DIV|K", (a) => a.alu("div", "r3", 7), "3703000007000000"],
  ["ALU64|OR|X", (a) => a.alu("or", "r1", "r2"), "4f21000000000000"],
  ["ALU|AND|K", (a) => a.alu32("and", "r1", 0xffffffff), "54010000ffffffff"],
  ["ALU64|LSH|K", (a) => a.alu("lsh", "r1", 32), "6701000020000000"],
  ["ALU|RSH|K", (a) => a.alu32("rsh", "r1", 4), "7401000004000000"],
  ["ALU64|MOD|K", (a) => a.alu("mod", "r1", 10), "970100000a000000"],
  ["ALU64|XOR|X", (a) => a.alu("xor", "r1", "r1"), "af11000000000000"],
  ["ALU64|ARSH|K", (a) => a.alu("arsh", "r1", 63), "c70100003f000000"],
  ["ALU|END|TO_BE", (a) => a.toBigEndian("r2", 32), "dc02000020000000"],
  ["LDX|MEM|DW", (a) => a.load("u64", "r7", "r1", 8), "7917080000000000"],
  ["LDX|MEM|B", (a) => a.load("u8", "r1", "r10", -64), "71a1c0ff00000000"],
  ["STX|MEM|H", (a) => a.store("u16", "r8", 48, "r4"), "6b48300000000000"],
  ["ST|MEM|W", (a) => a.store("u32", "r10", -4, 0xdeadbeef), "620afcffefbeadde"],
  ["STX|ATOMIC|DW", (a) => a.atomicAdd("u64", "r0", 0, "r1"), "db10000000000000"],
  [
    "LD|IMM|DW",
    (a) => a.loadImmediate64("r1", 0x123456789abcdefn),
    "18010000efcdab890000000067452301",
  ],
  ["PSEUDO_MAP_FD", (a) => a.loadMap("r1", { fd: 5 }), "18110000050000000000000000000000"],
  [
    "PSEUDO_MAP_VALUE",
    (a) => a.loadMapValue("r3", { fd: 5 }, 16),
    "18230000050000000000000010000000",
  ],
  ["JMP|CALL", (a) => a.call("ringbuf_reserve"), "8500000083000000"],
  ["JMP|CALL of a kernel function", (a) => a.callKernelFunction(65477), "85200000c5ff0000"],
  ["JMP|EXIT", (a) => a.exit(), "9500000000000000"],
])("%s", (_, build, expected) => {
  expect(hex(build)).toBe(expected);
});

it.each<[string, (a: Assembler) => Assembler, string]>([
  ["JEQ|K over one", (a) => a.jump("eq", "r0", 0, "end").exit().label("end"), "1500010000000000"],
  ["JSGT|X to the next", (a) => a.jump("sgt", "r1", "r2", "end").label("end"), "6d21000000000000"],
  ["JMP32|JNE|K", (a) => a.jump32("ne", "r1", 0xffffffff, "end").label("end"), "56010000ffffffff"],
  ["JSET|K", (a) => a.jump("set", "r1", 4, "end").label("end"), "4501000004000000"],
  ["JLT|X", (a) => a.jump("lt", "r1", "r9", "end").label("end"), "ad91000000000000"],
  ["JSLE|K", (a) => a.jump("sle", "r1", -1, "end").label("end"), "d5010000ffffffff"],
])("%s", (_, build, expected) => {
  expect(hex(build).slice(0, 16)).toBe(expected);
});

it("counts a jump back from the instruction after it, and a 64-bit immediate as two", () => {
  const back = createAssembler().label("again").mov("r0", 0).goto("again");
  expect(back.assemble().subarray(8).toString("hex")).toBe("0500feff00000000");
  const over = createAssembler().goto("end").loadImmediate64("r1", 1n).label("end").exit();
  expect(over.length).toBe(4);
  expect(over.assemble().readInt16LE(2)).toBe(2);
});

it.each<[string, (a: Assembler) => unknown, string]>([
  ["a label that is missing", (a) => a.goto("x").assemble(), "label x is missing"],
  ["a label twice", (a) => a.label("x").label("x"), "label x is there twice"],
  ["an immediate that 64 bits would sign-extend", (a) => a.mov("r1", 0xffffffff), "does not fit"],
  ["a fraction", (a) => a.alu32("add", "r1", 0.5), "does not fit"],
  ["an offset of 17 bits", (a) => a.load("u8", "r1", "r2", 32768), "does not fit into 16 bits"],
  [
    "a jump that is too far",
    (a) => {
      a.goto("end");
      for (let i = 0; i <= 0x8000; i += 1) a.mov("r0", 0);
      return a.label("end").assemble();
    },
    "label end is too far away",
  ],
])("refuses %s", (_, build, message) => {
  const attempt = () => build(createAssembler());
  expect(attempt).toThrow(AssemblerError);
  expect(attempt).toThrow(message);
});

it("keeps every 32-bit immediate and every offset as they are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -0x80000000, max: 0x7fffffff }),
      fc.integer({ min: -0x8000, max: 0x7fff }),
      (immediate, offset) => {
        const bytes = createAssembler().store("u64", "r10", offset, immediate).assemble();
        expect(bytes.readInt16LE(2)).toBe(offset);
        expect(bytes.readInt32LE(4)).toBe(immediate);
      },
    ),
  );
});
