// Writes eBPF instructions byte by byte, with labels in place of jump distances (Linux instruction-set.rst, RFC 9669).

import { ArgumentError } from "./errors.ts";

/** r0: results; r1-r5: arguments, lost in a call; r6-r9: kept; r10: top of the 512-byte stack. */
export type Register = keyof typeof REGISTERS;
/** What an instruction takes from: a register, or a 32-bit constant that is sign-extended. */
export type Operand = Register | number;
/** Width of a memory access. */
export type Width = keyof typeof WIDTHS;
/** BPF_ADD to BPF_ARSH: "arsh" shifts with the sign, "rsh" without; "div" and "mod" are unsigned. */
export type Operation = keyof typeof OPERATIONS;
/** BPF_JEQ to BPF_JSLE; unsigned but where the name says otherwise. */
export type Comparison = keyof typeof COMPARISONS;

/** Anything with a map's descriptor. */
export interface MapReference {
  readonly fd: number;
}

/** Instructions in order of the calls; every method but `label` and `assemble` appends and returns the assembler. */
export interface Assembler {
  /** Instructions of 8 bytes so far; a 64-bit constant counts as two. */
  readonly length: number;
  /** dst = dst OP src, 64 bits; "mov" only copies, "neg" ignores src. */
  alu(operation: Operation, dst: Register, src: Operand): Assembler;
  /** The same on the lower 32 bits; the upper ones become zero. */
  alu32(operation: Operation, dst: Register, src: Operand): Assembler;
  /** dst = src, 64 bits. */
  mov(dst: Register, src: Operand): Assembler;
  /** The lower bits of dst from big-endian (network) order to the CPU's, or back; the rest becomes zero. */
  bigEndian(dst: Register, bits: 16 | 32 | 64): Assembler;
  /** dst = *(width *)(src + offset), zero-extended. `offset` in bytes, 16 bits signed. */
  load(width: Width, dst: Register, src: Register, offset: number): Assembler;
  /** *(width *)(dst + offset) = src. */
  store(width: Width, dst: Register, offset: number, src: Operand): Assembler;
  /** *(width *)(dst + offset) += src in one step, so that nothing on another CPU gets lost. */
  atomicAdd(width: "u32" | "u64", dst: Register, offset: number, src: Register): Assembler;
  /** Goes on at `target` if dst COMPARES src, 64 bits. */
  jump(comparison: Comparison, dst: Register, src: Operand, target: string): Assembler;
  /** The same over the lower 32 bits. */
  jump32(comparison: Comparison, dst: Register, src: Operand, target: string): Assembler;
  /** Goes on at `target` always. */
  goto(target: string): Assembler;
  /** The next instruction's name. @throws ArgumentError when the name is taken */
  label(name: string): Assembler;
  /** A label that nobody else has, for pieces that are used more than once. */
  freshLabel(prefix: string): string;
  /** dst = a 64-bit constant. */
  constant(dst: Register, value: bigint): Assembler;
  /** dst = the map, as helpers want it (BPF_PSEUDO_MAP_FD). */
  map(dst: Register, map: MapReference): Assembler;
  /** dst = address of a byte inside an array's first value (BPF_PSEUDO_MAP_VALUE). */
  mapValue(dst: Register, map: MapReference, offset: number): Assembler;
  /** r0 = helper(r1..r5); `helper` is a number of `HELPERS` or of bpf-helpers(7). */
  call(helper: number): Assembler;
  /** Leaves the program with r0. */
  exit(): Assembler;
  /**
   * The program, 8 bytes an instruction, little-endian.
   * @throws ArgumentError for a jump to a label that is nowhere, or is too far away
   */
  assemble(): Buffer;
}

/** Numbers of the helpers that tracing programs need most (enum bpf_func_id in linux/bpf.h). */
export const HELPERS = {
  mapLookup: 1,
  ktimeGetNs: 5,
  getSmpProcessorId: 8,
  getCurrentPidTgid: 14,
  probeReadKernel: 113,
  ringbufReserve: 131,
  ringbufSubmit: 132,
  ringbufDiscard: 133,
  snprintf: 165,
} as const;

const REGISTERS = { r0: 0, r1: 1, r2: 2, r3: 3, r4: 4, r5: 5, r6: 6, r7: 7, r8: 8, r9: 9, r10: 10 };
const WIDTHS = { u32: 0x00, u16: 0x08, u8: 0x10, u64: 0x18 } as const;
const OPERATIONS = {
  add: 0x00,
  sub: 0x10,
  mul: 0x20,
  div: 0x30,
  or: 0x40,
  and: 0x50,
  lsh: 0x60,
  rsh: 0x70,
  neg: 0x80,
  mod: 0x90,
  xor: 0xa0,
  mov: 0xb0,
  arsh: 0xc0,
} as const;
/** Without a sign the values are compared unsigned; "set" is true when dst & src has a bit. */
const COMPARISONS = {
  eq: 0x10,
  gt: 0x20,
  ge: 0x30,
  set: 0x40,
  ne: 0x50,
  "signed-gt": 0x60,
  "signed-ge": 0x70,
  lt: 0xa0,
  le: 0xb0,
  "signed-lt": 0xc0,
  "signed-le": 0xd0,
} as const;

/** Instruction classes, the lowest three bits. */
const CLASS = { ld: 0, ldx: 1, st: 2, stx: 3, alu: 4, jmp: 5, jmp32: 6, alu64: 7 } as const;
/** Bit 3: the operand is a register. */
const FROM_REGISTER = 0x08;
const MODE_MEM = 0x60;
const MODE_ATOMIC = 0xc0;
const BIG_ENDIAN = 0xd0 | FROM_REGISTER;
const LD_IMM64 = 0x18;
const GOTO = 0x00;
const CALL = 0x80;
const EXIT = 0x90;
const PSEUDO_MAP_FD = 1;
const PSEUDO_MAP_VALUE = 2;
const INSTRUCTION_BYTES = 8;

interface Fields {
  readonly dst?: Register;
  /** A register, or the pseudo number that takes its place in a 64-bit constant. */
  readonly src?: Register | number;
  readonly offset?: number;
  readonly immediate?: number;
}

/** An empty program. */
export function createAssembler(): Assembler {
  const instructions: Buffer[] = [];
  const labels = new Map<string, number>();
  const jumps: { readonly at: number; readonly target: string }[] = [];
  let fresh = 0;

  const append = (opcode: number, fields: Fields = {}): Assembler => {
    instructions.push(encode(opcode, fields));
    return assembler;
  };
  const arithmetic = (kind: number, operation: Operation, dst: Register, src: Operand) =>
    append(kind | OPERATIONS[operation] | sourceBit(src), { dst, ...operandFields(src) });
  const branch = (kind: number, condition: number, target: string, fields: Fields) => {
    jumps.push({ at: instructions.length, target });
    return append(kind | condition, fields);
  };
  const compare = (kind: number, how: Comparison, dst: Register, src: Operand, target: string) =>
    branch(kind, COMPARISONS[how] | sourceBit(src), target, { dst, ...operandFields(src) });
  const wide = (dst: Register, src: number, low: number, high: number) => {
    append(LD_IMM64, { dst, src, immediate: low });
    return append(0, { immediate: high });
  };

  const assembler: Assembler = {
    get length() {
      return instructions.length;
    },
    alu: (operation, dst, src) => arithmetic(CLASS.alu64, operation, dst, src),
    alu32: (operation, dst, src) => arithmetic(CLASS.alu, operation, dst, src),
    mov: (dst, src) => arithmetic(CLASS.alu64, "mov", dst, src),
    bigEndian: (dst, bits) => append(CLASS.alu | BIG_ENDIAN, { dst, immediate: bits }),
    load: (width, dst, src, offset) =>
      append(CLASS.ldx | MODE_MEM | WIDTHS[width], { dst, src, offset }),
    store: (width, dst, offset, src) => {
      const kind = typeof src === "number" ? CLASS.st : CLASS.stx;
      return append(kind | MODE_MEM | WIDTHS[width], { dst, offset, ...operandFields(src) });
    },
    // The immediate is the operation, BPF_ADD = 0: the one that every kernel knows (BPF_XADD).
    atomicAdd: (width, dst, offset, src) =>
      append(CLASS.stx | MODE_ATOMIC | WIDTHS[width], { dst, src, offset }),
    jump: (how, dst, src, target) => compare(CLASS.jmp, how, dst, src, target),
    jump32: (how, dst, src, target) => compare(CLASS.jmp32, how, dst, src, target),
    goto: (target) => branch(CLASS.jmp, GOTO, target, {}),
    label: (name) => {
      if (labels.has(name)) throw new ArgumentError(`the label ${name} is there twice`);
      labels.set(name, instructions.length);
      return assembler;
    },
    freshLabel: (prefix) => {
      fresh += 1;
      return `${prefix}#${fresh}`;
    },
    constant: (dst, value) => {
      if (value < -(2n ** 63n) || value >= 2n ** 64n) {
        throw new ArgumentError(`a constant is ${value}, which does not fit into 64 bits`);
      }
      return wide(dst, 0, half(value), half(value >> 32n));
    },
    map: (dst, { fd }) => wide(dst, PSEUDO_MAP_FD, fd, 0),
    mapValue: (dst, { fd }, offset) => wide(dst, PSEUDO_MAP_VALUE, fd, offset),
    call: (helper) => append(CLASS.jmp | CALL, { immediate: helper }),
    exit: () => append(CLASS.jmp | EXIT),
    assemble: () => {
      const code = Buffer.concat(instructions);
      for (const { at, target } of jumps) {
        const distance = distanceTo(labels, at, target, instructions.length);
        code.writeInt16LE(distance, at * INSTRUCTION_BYTES + 2);
      }
      return code;
    },
  };
  return assembler;
}

/** Counted from the instruction after the jump. */
function distanceTo(
  labels: ReadonlyMap<string, number>,
  at: number,
  target: string,
  length: number,
): number {
  const to = labels.get(target);
  if (to === undefined) throw new ArgumentError(`no label ${target}: add it with label()`);
  if (to === length)
    throw new ArgumentError(`nothing follows the label ${target}: end with exit()`);
  return inRange(to - at - 1, 16, `the distance to the label ${target}`);
}

function sourceBit(src: Operand): number {
  return typeof src === "number" ? 0 : FROM_REGISTER;
}

function operandFields(src: Operand): Fields {
  return typeof src === "number" ? { immediate: src } : { src };
}

/** struct bpf_insn: opcode, two registers of 4 bits, offset of 16, immediate of 32. */
function encode(
  opcode: number,
  { dst = "r0", src = 0, offset = 0, immediate = 0 }: Fields,
): Buffer {
  const instruction = Buffer.alloc(INSTRUCTION_BYTES);
  const source = typeof src === "number" ? src : REGISTERS[src];
  instruction.writeUInt8(opcode, 0);
  instruction.writeUInt8(REGISTERS[dst] | (source << 4), 1);
  instruction.writeInt16LE(inRange(offset, 16, "an offset"), 2);
  instruction.writeInt32LE(inRange(immediate, 32, "a constant"), 4);
  return instruction;
}

function inRange(value: number, bits: 16 | 32, what: string): number {
  const limit = 2 ** (bits - 1);
  if (Number.isInteger(value) && value >= -limit && value < limit) return value;
  throw new ArgumentError(`${what} is ${value}, which does not fit into ${bits} bits with a sign`);
}

function half(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}
