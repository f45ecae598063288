// Instructions byte by byte, as the kernel's headers define them and clang writes them.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Assembler,
  createAssembler,
  HELPERS,
} from "../../../probes/ebpf-ts-bindings/src/assembler.ts";
import { ArgumentError } from "../../../probes/ebpf-ts-bindings/src/errors.ts";
import {
  emitCount,
  emitReserve,
  emitSubmit,
} from "../../../probes/ebpf-ts-bindings/src/snippets.ts";

type Write = (assembler: Assembler) => Assembler;

/** Instructions as hex, one each. */
function lines(write: Write): readonly string[] {
  const code = write(createAssembler()).assemble();
  return Array.from({ length: code.length / 8 }, (_, n) =>
    code.subarray(n * 8, n * 8 + 8).toString("hex"),
  );
}

const INSTRUCTIONS: readonly (readonly [string, Write, string])[] = [
  ["r0 = 0", (a) => a.mov("r0", 0), "b700000000000000"],
  ["r6 = r1", (a) => a.mov("r6", "r1"), "bf16000000000000"],
  ["r2 += -8", (a) => a.alu("add", "r2", -8), "07020000f8ffffff"],
  ["r2 -= r3", (a) => a.alu("sub", "r2", "r3"), "1f32000000000000"],
  ["r1 *= 10", (a) => a.alu("mul", "r1", 10), "270100000a000000"],
  ["r1 /= r2", (a) => a.alu("div", "r1", "r2"), "3f21000000000000"],
  ["r1 |= 1", (a) => a.alu("or", "r1", 1), "4701000001000000"],
  ["r1 &= 15", (a) => a.alu("and", "r1", 15), "570100000f000000"],
  ["r1 <<= 32", (a) => a.alu("lsh", "r1", 32), "6701000020000000"],
  ["r1 >>= 32", (a) => a.alu("rsh", "r1", 32), "7701000020000000"],
  ["r1 = -r1", (a) => a.alu("neg", "r1", 0), "8701000000000000"],
  ["r1 %= 3", (a) => a.alu("mod", "r1", 3), "9701000003000000"],
  ["r1 ^= r1", (a) => a.alu("xor", "r1", "r1"), "af11000000000000"],
  ["r1 s>>= 4", (a) => a.alu("arsh", "r1", 4), "c701000004000000"],
  ["w1 += 1", (a) => a.alu32("add", "r1", 1), "0401000001000000"],
  ["w1 = w2", (a) => a.alu32("mov", "r1", "r2"), "bc21000000000000"],
  ["r1 = be16 r1", (a) => a.bigEndian("r1", 16), "dc01000010000000"],
  ["r1 = be64 r1", (a) => a.bigEndian("r1", 64), "dc01000040000000"],
  ["r1 = *(u8 *)(r10 - 1)", (a) => a.load("u8", "r1", "r10", -1), "71a1ffff00000000"],
  ["r1 = *(u16 *)(r6 + 2)", (a) => a.load("u16", "r1", "r6", 2), "6961020000000000"],
  ["r1 = *(u32 *)(r6 + 4)", (a) => a.load("u32", "r1", "r6", 4), "6161040000000000"],
  ["r7 = *(u64 *)(r6 + 8)", (a) => a.load("u64", "r7", "r6", 8), "7967080000000000"],
  ["*(u64 *)(r10 - 8) = r1", (a) => a.store("u64", "r10", -8, "r1"), "7b1af8ff00000000"],
  ["*(u8 *)(r8 + 50) = r1", (a) => a.store("u8", "r8", 50, "r1"), "7318320000000000"],
  ["*(u32 *)(r10 - 4) = 7", (a) => a.store("u32", "r10", -4, 7), "620afcff07000000"],
  ["*(u16 *)(r8 + 0) = 1", (a) => a.store("u16", "r8", 0, 1), "6a08000001000000"],
  ["lock *(u64 *)(r0 + 0) += r1", (a) => a.atomicAdd("u64", "r0", 0, "r1"), "db10000000000000"],
  ["lock *(u32 *)(r0 + 4) += r1", (a) => a.atomicAdd("u32", "r0", 4, "r1"), "c310040000000000"],
  ["call 131", (a) => a.call(HELPERS.ringbufReserve), "8500000083000000"],
  ["exit", (a) => a.exit(), "9500000000000000"],
];

describe("one instruction", () => {
  it.each(INSTRUCTIONS)("%s", (_, write, hex) => {
    expect(lines(write)).toEqual([hex]);
  });
});

it("constants of 64 bits and maps take two instructions", () => {
  expect(lines((a) => a.constant("r1", 0x1122_3344_5566_7788n))).toEqual([
    "1801000088776655",
    "0000000044332211",
  ]);
  expect(lines((a) => a.constant("r1", -1n))).toEqual(["18010000ffffffff", "00000000ffffffff"]);
  expect(lines((a) => a.map("r1", { fd: 5 }))).toEqual(["1811000005000000", "0000000000000000"]);
  expect(lines((a) => a.mapValue("r3", { fd: 5 }, 16))).toEqual([
    "1823000005000000",
    "0000000010000000",
  ]);
});

describe("jumps", () => {
  it("count from the next instruction, forwards and back, over constants of two", () => {
    const code = lines((a) =>
      a
        .label("top")
        .jump("eq", "r0", 0, "out")
        .constant("r1", 1n)
        .jump("gt", "r1", "r2", "top")
        .jump32("signed-lt", "r1", -1, "out")
        .goto("top")
        .label("out")
        .exit(),
    );
    expect(code).toEqual([
      "1500050000000000",
      "1801000001000000",
      "0000000000000000",
      "2d21fcff00000000",
      "c6010100ffffffff",
      "0500faff00000000",
      "9500000000000000",
    ]);
  });

  it.each([
    ["eq", "15"],
    ["gt", "25"],
    ["ge", "35"],
    ["set", "45"],
    ["ne", "55"],
    ["signed-gt", "65"],
    ["signed-ge", "75"],
    ["lt", "a5"],
    ["le", "b5"],
    ["signed-lt", "c5"],
    ["signed-le", "d5"],
  ] as const)("%s is opcode 0x%s", (comparison, opcode) => {
    const [first] = lines((a) => a.jump(comparison, "r1", 2, "out").label("out").exit());
    expect(first).toBe(`${opcode}01000002000000`);
  });
});

describe("what cannot be encoded is an error", () => {
  const broken: readonly (readonly [string, Write, RegExp])[] = [
    ["a label that is nowhere", (a) => a.goto("x").exit(), /no label x: add it/],
    ["a label that is there twice", (a) => a.label("x").label("x"), /x is there twice/],
    ["a label with nothing behind it", (a) => a.goto("x").label("x"), /end with exit/],
    [
      "a constant of 33 bits",
      (a) => a.mov("r1", 2 ** 32),
      /4294967296, which does not fit into 32/,
    ],
    ["a fraction", (a) => a.mov("r1", 0.5), /a constant is 0.5/],
    ["an offset of 17 bits", (a) => a.load("u8", "r1", "r1", 32_768), /32768.*into 16 bits/],
    ["a constant of 65 bits", (a) => a.constant("r1", 2n ** 64n), /into 64 bits/],
  ];
  it.each(broken)("%s", (_, write, message) => {
    expect(() => write(createAssembler()).assemble()).toThrow(ArgumentError);
    expect(() => write(createAssembler()).assemble()).toThrow(message);
  });

  it("a jump over more than 32767 instructions", () => {
    const far = createAssembler().goto("far");
    for (let n = 0; n < 32_768; n++) far.mov("r0", 0);
    expect(() => far.label("far").exit().assemble()).toThrow(/distance to the label far is 32768/);
  });
});

it("any constant comes back out of its bytes", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (value) => {
      const code = createAssembler().constant("r3", value).assemble();
      const bits = BigInt(code.readUInt32LE(4)) | (BigInt(code.readUInt32LE(12)) << 32n);
      expect(bits).toBe(BigInt.asUintN(64, value));
    }),
  );
});

it("pieces may be used twice: their labels do not meet", () => {
  const ring = { fd: 3 };
  const lost = { fd: 4 };
  const assembler = createAssembler();
  for (const full of ["full-1", "full-2"]) {
    emitReserve(assembler, { ring, lost, sizeBytes: 16, full });
    assembler.mov("r7", "r0");
    emitSubmit(assembler, "r7").label(full);
  }
  emitCount(assembler, lost, { index: 1 }).mov("r0", 0).exit();
  expect(assembler.assemble()).toHaveLength(assembler.length * 8);
});
