// A program text with labels, and its bytes.

import { HELPERS } from "./constants.ts";
import { AssemblerError } from "./errors.ts";
import type { AluOperation, Condition, Operand, Register, Width } from "./instructions.ts";
import * as encode from "./instructions.ts";

/** A helper by the name of bpf-helpers(7) without `bpf_`, or any by its number. */
export type Helper = keyof typeof HELPERS | number;

/** Anything with a map's file descriptor. */
export interface MapReference {
  readonly fd: number;
}

/** Every method but `assemble` and `length` adds to the program and returns the assembler. */
export interface Assembler {
  /** Instructions so far, in slots of 8 bytes; a 64-bit immediate takes two. */
  readonly length: number;
  /** dst = src, 64 bits; an immediate's sign is extended. */
  mov(dst: Register, src: Operand): Assembler;
  /** dst = dst OP src on 64 bits. */
  alu(operation: AluOperation, dst: Register, src: Operand): Assembler;
  /** On the lower 32 bits; the upper ones become 0. */
  alu32(operation: AluOperation, dst: Register, src: Operand): Assembler;
  /** Swaps the lower bits from the processor's order to the network's, or back; the upper ones become 0. */
  toBigEndian(dst: Register, bits: 16 | 32 | 64): Assembler;
  /** dst = *(width *)(src + offset) */
  load(width: Width, dst: Register, src: Register, offset: number): Assembler;
  /** *(width *)(dst + offset) = src */
  store(width: Width, dst: Register, offset: number, src: Operand): Assembler;
  /** *(width *)(dst + offset) += src, atomically */
  atomicAdd(width: "u32" | "u64", dst: Register, offset: number, src: Register): Assembler;
  loadImmediate64(dst: Register, value: bigint): Assembler;
  /** dst = the map, as helpers want it. */
  loadMap(dst: Register, map: MapReference): Assembler;
  /** dst = the address of byte `offsetBytes` of an array map's value 0. */
  loadMapValue(dst: Register, map: MapReference, offsetBytes: number): Assembler;
  call(helper: Helper): Assembler;
  /** Calls a function that the kernel offers to programs (kfunc), by its id in BTF. */
  callKernelFunction(typeId: number): Assembler;
  /** Names the next instruction. */
  label(name: string): Assembler;
  goto(label: string): Assembler;
  /** To the label when `dst CONDITION src` holds on 64 bits. */
  jump(condition: Condition, dst: Register, src: Operand, label: string): Assembler;
  /** The same on the lower 32 bits. */
  jump32(condition: Condition, dst: Register, src: Operand, label: string): Assembler;
  exit(): Assembler;
  /**
   * The program as struct bpf_insn, 8 bytes each (linux/bpf.h, RFC 9669).
   * @throws AssemblerError for a label that is missing or too far away
   */
  assemble(): Buffer;
}

/**
 * An empty program.
 * Methods throw AssemblerError for a number that does not fit and a label that is there twice.
 */
export function createAssembler(): Assembler {
  const parts: Buffer[] = [];
  const labels = new Map<string, number>();
  const jumps: { readonly part: Buffer; readonly slot: number; readonly label: string }[] = [];
  let slots = 0;
  const add = (part: Buffer): Assembler => {
    parts.push(part);
    slots += part.length / SLOT_BYTES;
    return self;
  };
  const addJump = (part: Buffer, label: string): Assembler => {
    jumps.push({ part, slot: slots, label });
    return add(part);
  };
  const self: Assembler = {
    get length() {
      return slots;
    },
    mov: (dst, src) => add(encode.alu(64, "mov", dst, src)),
    alu: (operation, dst, src) => add(encode.alu(64, operation, dst, src)),
    alu32: (operation, dst, src) => add(encode.alu(32, operation, dst, src)),
    toBigEndian: (dst, bits) => add(encode.toBigEndian(dst, bits)),
    load: (width, dst, src, offset) => add(encode.load(width, dst, src, offset)),
    store: (width, dst, offset, src) => add(encode.store(width, dst, offset, src)),
    atomicAdd: (width, dst, offset, src) => add(encode.atomicAdd(width, dst, offset, src)),
    loadImmediate64: (dst, value) => {
      const bits = BigInt.asUintN(64, value);
      const [low, high] = [Number(bits & 0xffffffffn), Number(bits >> 32n)];
      return add(encode.loadImmediate64(dst, "value", low, high));
    },
    loadMap: (dst, map) => add(encode.loadImmediate64(dst, "mapFd", map.fd, 0)),
    loadMapValue: (dst, map, offsetBytes) =>
      add(encode.loadImmediate64(dst, "mapValue", map.fd, offsetBytes)),
    call: (helper) => add(encode.call(typeof helper === "number" ? helper : HELPERS[helper])),
    callKernelFunction: (typeId) => add(encode.callKernelFunction(typeId)),
    label: (name) => {
      if (labels.has(name)) throw new AssemblerError(`label ${name} is there twice`);
      labels.set(name, slots);
      return self;
    },
    goto: (label) => addJump(encode.goto(), label),
    jump: (condition, dst, src, label) => addJump(encode.jump(64, condition, dst, src), label),
    jump32: (condition, dst, src, label) => addJump(encode.jump(32, condition, dst, src), label),
    exit: () => add(encode.exit()),
    assemble: () => {
      for (const { part, slot, label } of jumps) {
        part.writeInt16LE(distance(slot, labels.get(label), label), OFFSET_AT);
      }
      return Buffer.concat(parts);
    },
  };
  return self;
}

const SLOT_BYTES = 8;
const OFFSET_AT = 2;

/** Jumps count from the instruction after them. */
function distance(from: number, to: number | undefined, label: string): number {
  if (to === undefined) throw new AssemblerError(`label ${label} is missing`);
  const slots = to - from - 1;
  if (slots < -0x8000 || slots > 0x7fff) throw new AssemblerError(`label ${label} is too far away`);
  return slots;
}
