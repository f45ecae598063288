// The encoding of single eBPF instructions: struct bpf_insn of linux/bpf.h, codes of linux/bpf_common.h.

import { AssemblerError } from "./errors.ts";

/** r1 to r5 hold arguments and are lost by a call, r0 its result; r6 to r9 survive; r10 is the frame's top, read only. */
export type Register = "r0" | "r1" | "r2" | "r3" | "r4" | "r5" | "r6" | "r7" | "r8" | "r9" | "r10";

/** A register, or an immediate number. */
export type Operand = Register | number;

/** The width of a memory access. */
export type Width = "u8" | "u16" | "u32" | "u64";

const WIDTHS: Readonly<Record<Width, number>> = { u32: 0x00, u16: 0x08, u8: 0x10, u64: 0x18 };

const ALU = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  mod: 0x90,
  xor: 0xa0,
  mov: 0xb0,
  arsh: 0xc0,
} as const;

const JUMPS = {
  eq: 0x10,
  gt: 0x20,
  ge: 0x30,
  set: 0x40,
  ne: 0x50,
  sgt: 0x60,
  sge: 0x70,
  lt: 0xa0,
  le: 0xb0,
  slt: 0xc0,
  sle: 0xd0,
} as const;

export type AluOperation = keyof typeof ALU;
/** `set` jumps when `dst & src` is not 0; `s...` compare as signed numbers. */
export type Condition = keyof typeof JUMPS;

const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu32: 4, jmp64: 5, jmp32: 6, alu64: 7 } as const;
const MODE_MEM = 0x60;
const MODE_ATOMIC = 0xc0;
const SOURCE_REGISTER = 0x08;
const TO_BIG_ENDIAN = 0xdc;
const CALL = 0x85;
const EXIT = 0x95;
const GOTO = 0x05;
const LOAD_IMM64 = 0x18;

/** BPF_PSEUDO_MAP_FD, BPF_PSEUDO_MAP_VALUE */
const PSEUDO = { value: 0, mapFd: 1, mapValue: 2 } as const;

export function alu(bits: 32 | 64, operation: AluOperation, dst: Register, src: Operand): Buffer {
  const code = ALU[operation] | (bits === 64 ? CLASS.alu64 : CLASS.alu32);
  return withOperand(code, dst, src, { signed: bits === 64 });
}

/** The offset is filled in when the labels are known. */
export function jump(bits: 32 | 64, condition: Condition, dst: Register, src: Operand): Buffer {
  const code = JUMPS[condition] | (bits === 64 ? CLASS.jmp64 : CLASS.jmp32);
  return withOperand(code, dst, src, { signed: bits === 64 });
}

export const goto = (): Buffer => encode({ code: GOTO });
export const exit = (): Buffer => encode({ code: EXIT });
/** BPF_PSEUDO_KFUNC_CALL: the immediate is the function's id in the kernel's BTF. */
export const callKernelFunction = (typeId: number): Buffer =>
  encode({ code: CALL, src: "r2", immediate: typeId });
export const call = (helper: number): Buffer => encode({ code: CALL, immediate: helper });

export function toBigEndian(dst: Register, bits: 16 | 32 | 64): Buffer {
  return encode({ code: TO_BIG_ENDIAN, dst, immediate: bits });
}

export function load(width: Width, dst: Register, src: Register, offset: number): Buffer {
  return encode({ code: MODE_MEM | CLASS.ldx | WIDTHS[width], dst, src, offset });
}

export function store(width: Width, dst: Register, offset: number, src: Operand): Buffer {
  if (typeof src === "string") {
    return encode({ code: MODE_MEM | CLASS.stx | WIDTHS[width], dst, src, offset });
  }
  const immediate = checkedImmediate(src, { signed: width === "u64" });
  return encode({ code: MODE_MEM | CLASS.st | WIDTHS[width], dst, offset, immediate });
}

export function atomicAdd(
  width: "u32" | "u64",
  dst: Register,
  offset: number,
  src: Register,
): Buffer {
  return encode({ code: MODE_ATOMIC | CLASS.stx | WIDTHS[width], dst, src, offset });
}

/** Two slots: a 64-bit number, or a map's descriptor with an offset into its value. */
export function loadImmediate64(
  dst: Register,
  kind: keyof typeof PSEUDO,
  low: number,
  high: number,
): Buffer {
  const first = encode({ code: LOAD_IMM64, dst, immediate: low | 0 });
  first.writeUInt8(registerNumber(dst) | (PSEUDO[kind] << 4), 1);
  return Buffer.concat([first, encode({ code: 0, immediate: high | 0 })]);
}

interface Fields {
  readonly code: number;
  readonly dst?: Register;
  readonly src?: Register;
  readonly offset?: number;
  readonly immediate?: number;
}

/** code u8, src:4 dst:4, offset s16, immediate s32; little-endian, dst in the low nibble. */
function encode({ code, dst = "r0", src = "r0", offset = 0, immediate = 0 }: Fields): Buffer {
  if (!Number.isInteger(offset) || offset < -0x8000 || offset > 0x7fff) {
    throw new AssemblerError(`offset ${offset} does not fit into 16 bits`);
  }
  const bytes = Buffer.alloc(8);
  bytes.writeUInt8(code, 0);
  bytes.writeUInt8(registerNumber(dst) | (registerNumber(src) << 4), 1);
  bytes.writeInt16LE(offset, 2);
  bytes.writeInt32LE(immediate | 0, 4);
  return bytes;
}

function registerNumber(register: Register): number {
  return Number(register.slice(1));
}

function withOperand(
  code: number,
  dst: Register,
  src: Operand,
  options: { readonly signed: boolean },
): Buffer {
  if (typeof src === "string") return encode({ code: code | SOURCE_REGISTER, dst, src });
  return encode({ code, dst, immediate: checkedImmediate(src, options) });
}

/** 64-bit operations extend the sign of an immediate, so a large unsigned one would become another number. */
function checkedImmediate(value: number, { signed }: { readonly signed: boolean }): number {
  const max = signed ? 0x7fffffff : 0xffffffff;
  if (Number.isInteger(value) && value >= -0x80000000 && value <= max) return value;
  throw new AssemblerError(
    `${value} does not fit into an immediate of ${signed ? "64" : "32"} bits`,
  );
}
