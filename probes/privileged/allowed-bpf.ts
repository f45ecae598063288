// Which calls of bpf(2) the helper makes for whoever asks: maps of some kinds, and programs that look on; pure.

import {
  BPF,
  FD_AT,
  INSTRUCTION_BYTES,
  type Instruction,
  instructionsOf,
  LOAD,
} from "./bpf-calls.ts";

/** Hash, array, array of each processor, LRU hash, ring buffer (enum bpf_map_type). */
const MAP_TYPES = new Set([1, 2, 6, 9, 27]);
const MAP_BYTES_MAX = 64 << 20;
/** BPF_PROG_TYPE_RAW_TRACEPOINT and BPF_PROG_TYPE_TRACING: they look on, and change no packet. */
const PROGRAM_TYPES = new Set([17, 26]);
/** BPF_TRACE_RAW_TP, BPF_TRACE_FENTRY, BPF_TRACE_FEXIT; 0 for a raw tracepoint. */
const ATTACH_TYPES = new Set([0, 23, 24, 25]);
/** Those that `ebpf-ts-bindings` knows by name: maps, the clock, the processor, the ring, and reading the kernel's memory. */
const HELPERS = new Set([1, 2, 5, 8, 113, 130, 131, 132, 133]);

/** Bytes of union bpf_attr that a command may have at most, and where its pointers may stand. */
interface Shape {
  readonly attributeMax: number;
  readonly pointers: readonly number[];
}

const SHAPES: ReadonlyMap<number, Shape> = new Map([
  [BPF.mapCreate, { attributeMax: 44, pointers: [] }],
  [BPF.lookUp, { attributeMax: 32, pointers: [8, 16] }],
  [BPF.update, { attributeMax: 32, pointers: [8, 16] }],
  [BPF.remove, { attributeMax: 32, pointers: [8] }],
  [BPF.load, { attributeMax: 112, pointers: [LOAD.programAt, LOAD.licenceAt, LOAD.logAt] }],
  [BPF.attach, { attributeMax: 16, pointers: [] }],
]);

export interface BpfRequest {
  readonly command: number;
  readonly attribute: Buffer;
  readonly pointers: readonly BpfPointer[];
  readonly fds: readonly number[];
}

interface BpfPointer {
  readonly at: number;
  readonly bytes: Buffer;
}

/** An attribute whose descriptors are the helper's own; null for what is not done for anybody. */
export function allowedBpf(request: BpfRequest): Buffer | null {
  const { command, attribute, pointers, fds } = request;
  const shape = SHAPES.get(command);
  if (shape === undefined || !hasShape(request, shape)) return null;
  const own = Buffer.from(attribute);
  // No address of the asker's is ever used: each comes from a buffer that came with the request.
  for (const at of shape.pointers) if (at + 8 <= own.length) own.fill(0, at, at + 8);
  if (command === BPF.mapCreate) return fds.length === 0 && allowsMap(own) ? own : null;
  if (command === BPF.load) return allowsProgram(own, pointers, fds) ? own : null;
  const [fd] = fds;
  const fdAt = FD_AT.get(command);
  if (fd === undefined || fds.length !== 1 || fdAt === undefined) return null;
  own.writeUInt32LE(fd, fdAt);
  return own;
}

function hasShape({ attribute, pointers }: BpfRequest, shape: Shape): boolean {
  if (attribute.length > shape.attributeMax || attribute.length < ATTRIBUTE_MIN) return false;
  const places = pointers.map(({ at }) => at);
  if (new Set(places).size !== places.length) return false;
  return places.every((at) => shape.pointers.includes(at) && at + 8 <= attribute.length);
}

const ATTRIBUTE_MIN = 16;
const MAP_ATTRIBUTE = 44;

/** Type, key, value and entries as u32; what follows up to the name, flags too, stays 0. */
function allowsMap(attribute: Buffer): boolean {
  if (attribute.length < MAP_ATTRIBUTE) return false;
  const word = (at: number) => attribute.readUInt32LE(at);
  const bytes = Math.max(word(4) + word(8), 1) * word(12);
  return MAP_TYPES.has(word(0)) && isZero(attribute, 16, 28) && bytes <= MAP_BYTES_MAX;
}

function isZero(bytes: Buffer, from: number, to: number): boolean {
  return bytes.subarray(from, to).every((byte) => byte === 0);
}

const LOAD_ATTRIBUTE = 112;

/** Puts the helper's descriptors into a program that may be loaded. */
function allowsProgram(
  attribute: Buffer,
  pointers: readonly BpfPointer[],
  fds: readonly number[],
): boolean {
  const at = (place: number) => pointers.find((pointer) => pointer.at === place)?.bytes;
  const program = at(LOAD.programAt);
  return (
    program !== undefined &&
    allowsLoad(attribute, program.length, at(LOAD.logAt)?.length ?? 0) &&
    at(LOAD.licenceAt)?.includes(0) === true &&
    allowsInstructions(program, fds)
  );
}

/** Every field but its name, and the type of what it is attached to, which the kernel checks. */
function allowsLoad(attribute: Buffer, programBytes: number, logBytes: number): boolean {
  if (attribute.length < LOAD_ATTRIBUTE) return false;
  const word = (at: number) => attribute.readUInt32LE(at);
  return (
    PROGRAM_TYPES.has(word(0)) &&
    ATTACH_TYPES.has(word(68)) &&
    programBytes === word(4) * INSTRUCTION_BYTES &&
    logBytes === word(LOAD.logSizeAt) &&
    // kern_version and flags, the interface, and what follows up to attach_btf_id
    [
      [40, 48],
      [64, 68],
      [72, 108],
    ].every(([from, to]) => isZero(attribute, from ?? 0, to ?? 0))
  );
}

/** BPF_JMP | BPF_CALL */
const CALL = 0x85;

/** A program names its maps by their place among the descriptors that came. */
function allowsInstructions(program: Buffer, fds: readonly number[]): boolean {
  for (const instruction of instructionsOf(program)) {
    if (instruction.code === CALL && !allowsCall(program, instruction)) return false;
    if (instruction.loads !== null && !placesMap(program, instruction, fds)) return false;
  }
  return true;
}

/** Of a helper function, not of another program or a function of the kernel (BPF_PSEUDO_CALL, BPF_PSEUDO_KFUNC_CALL). */
function allowsCall(program: Buffer, { source, numberAt }: Instruction): boolean {
  return source === 0 && HELPERS.has(program.readUInt32LE(numberAt));
}

function placesMap(
  program: Buffer,
  { source, numberAt, loads }: Instruction,
  fds: readonly number[],
): boolean {
  if (loads === "other") return source === 0;
  const fd = fds[program.readUInt32LE(numberAt)];
  if (fd === undefined) return false;
  program.writeUInt32LE(fd, numberAt);
  return true;
}
