// The calls of bpf(2) as both sides know them: their numbers, where an attribute has a descriptor, and how a program names its maps.

/** enum bpf_cmd, linux/bpf.h */
export const BPF = { mapCreate: 0, lookUp: 1, update: 2, remove: 3, load: 5, attach: 17 } as const;

/** Where the attribute of a command has a descriptor (union bpf_attr, linux/bpf.h). */
export const FD_AT: ReadonlyMap<number, number> = new Map([
  [BPF.lookUp, 0],
  [BPF.update, 0],
  [BPF.remove, 0],
  [BPF.attach, 8],
]);

/** Their result is a descriptor. */
export const MAKES_DESCRIPTOR: ReadonlySet<number> = new Set([BPF.mapCreate, BPF.load, BPF.attach]);

/** Where the attribute of a load has the program, its licence, and the verifier's log with its size. */
export const LOAD = { programAt: 8, licenceAt: 16, logSizeAt: 28, logAt: 32 } as const;

export const INSTRUCTION_BYTES = 8;
/** BPF_LD | BPF_IMM | BPF_DW, whose source says what its number is: BPF_PSEUDO_MAP_FD or BPF_PSEUDO_MAP_VALUE. */
const LOAD_64 = 0x18;
const MAP_REFERENCES: ReadonlySet<number> = new Set([1, 2]);

export interface Instruction {
  readonly code: number;
  /** The upper half of its registers' byte. */
  readonly source: number;
  /** Where its number of 32 bits stands. */
  readonly numberAt: number;
  /** A number of 64 bits, which is a map's descriptor, or is not. */
  readonly loads: "map" | "other" | null;
}

/** In their order; the second half of a number of 64 bits is none. */
export function* instructionsOf(program: Buffer): Generator<Instruction> {
  for (let at = 0; at < program.length; at += INSTRUCTION_BYTES) {
    const code = program.readUInt8(at);
    const source = program.readUInt8(at + 1) >> 4;
    const isLoad = code === LOAD_64;
    const map = MAP_REFERENCES.has(source) ? "map" : "other";
    yield { code, source, numberAt: at + 4, loads: isLoad ? map : null };
    if (isLoad) at += INSTRUCTION_BYTES;
  }
}
