// Reads the kernel's description of its own types, and answers what a generated program needs to know.

import { readFileSync } from "node:fs";
import { type BtfIndex, indexBtf, KIND } from "./btf-index.ts";
import { findMember, type Member } from "./btf-members.ts";
import { type BtfStrings, createBtfStrings } from "./btf-strings.ts";
import { type Parameter, parametersOf, pointee, sizeOf } from "./btf-types.ts";
import { UnsupportedError } from "./errors.ts";

/** A tracepoint as BTF describes it. */
export interface Tracepoint {
  /** Id of the typedef `btf_trace_NAME`, which is what a program is loaded for. */
  readonly typeId: number;
  /** Without the `void *` at the start: parameter n is the u64 at byte 8n of the program's context. */
  readonly parameters: readonly Parameter[];
}

export interface EnumValue {
  readonly name: string;
  readonly value: bigint;
}

/** Questions to one BTF. Nothing found is null; data that contradicts itself is a BtfError from any of them. */
export interface Btf {
  readonly typeCount: number;
  /** Id of a struct or union. */
  structId(name: string): number | null;
  /**
   * A member of a struct or union, given by name or id. A path may go into structs ("nd_net.net"), not through
   * pointers, and leaves out anonymous structs and unions. Null when struct or member do not exist.
   */
  member(struct: string | number, path: string): Member | null;
  /** sizeof, in bytes; null for void, functions, and types that are only declared. */
  sizeOf(typeId: number): number | null;
  /** Values of an enum in its own order. */
  enumValues(name: string): readonly EnumValue[] | null;
  /** Id of a function, which fentry and fexit programs are loaded for. */
  functionId(name: string): number | null;
  /** Parameters of a function by id; null for other types. */
  parameters(typeId: number): readonly Parameter[] | null;
  tracepoint(name: string): Tracepoint | null;
  tracepointNames(): readonly string[];
  /** Whether a parameter's type is a pointer to this struct or union, qualifiers aside. */
  isPointerTo(typeId: number, struct: string): boolean;
}

/** Where Linux shows its BTF, with CONFIG_DEBUG_INFO_BTF since 5.4. */
export const KERNEL_BTF = "/sys/kernel/btf/vmlinux";

/**
 * The running kernel's BTF.
 * @throws UnsupportedError when the kernel has none or it cannot be read, BtfError when it makes no sense
 */
export function readKernelBtf(path: string = KERNEL_BTF): Btf {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const requires = `a kernel with CONFIG_DEBUG_INFO_BTF, which shows ${path}`;
    throw new UnsupportedError("BTF", { requires, cause: error });
  }
  return readBtf(bytes);
}

/**
 * BTF of a whole kernel (no split BTF of modules), little-endian.
 * @throws BtfError when the data is cut short, damaged, or has kinds newer than this reader
 */
export function readBtf(bytes: Uint8Array): Btf {
  const index = indexBtf(bytes);
  const strings = createBtfStrings(index.strings);
  const find = cachedFind(index, strings);
  const structId = (name: string) => find(name, STRUCTS);
  return {
    typeCount: index.lastId,
    structId,
    member: (struct, path) => {
      const id = typeof struct === "number" ? struct : structId(struct);
      return id === null ? null : findMember(index, strings, id, path);
    },
    sizeOf: (typeId) => sizeOf(index, typeId),
    enumValues: (name) => {
      const id = find(name, ENUMS);
      return id === null ? null : readEnum(index, strings, id);
    },
    functionId: (name) => find(name, FUNCTIONS),
    parameters: (typeId) => parametersOf(index, strings, typeId),
    tracepoint: (name) => {
      const typeId = find(`${TRACEPOINT_PREFIX}${name}`, TYPEDEFS);
      const all = typeId === null ? null : parametersOf(index, strings, typeId);
      return typeId === null || all === null ? null : { typeId, parameters: all.slice(1) };
    },
    tracepointNames: () => namesOfTracepoints(index, strings),
    isPointerTo: (typeId, struct) => {
      const target = pointee(index, typeId);
      return target !== null && STRUCTS.has(target.kind) && target.id === structId(struct);
    },
  };
}

/** The kernel's build makes one typedef for each: include/trace/bpf_probe.h. */
const TRACEPOINT_PREFIX = "btf_trace_";

const STRUCTS: ReadonlySet<number> = new Set([KIND.struct, KIND.union]);
const ENUMS: ReadonlySet<number> = new Set([KIND.enum, KIND.enum64]);
const FUNCTIONS: ReadonlySet<number> = new Set([KIND.function]);
const TYPEDEFS: ReadonlySet<number> = new Set([KIND.typedef]);

/** The first type of that name and one of those kinds. */
function cachedFind(index: BtfIndex, strings: BtfStrings) {
  const cache = new Map<string, number | null>();
  const search = (name: string, kinds: ReadonlySet<number>): number | null => {
    const places = strings.places(name);
    for (let id = 1; id <= index.lastId; id++) {
      if (places.has(index.names[id] ?? 0) && kinds.has(index.type(id).kind)) return id;
    }
    return null;
  };
  return (name: string, kinds: ReadonlySet<number>): number | null => {
    const key = `${[...kinds].join()} ${name}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const found = search(name, kinds);
    cache.set(key, found);
    return found;
  };
}

function readEnum(index: BtfIndex, strings: BtfStrings, id: number): readonly EnumValue[] {
  const type = index.type(id);
  // struct btf_enum: name_off, val; struct btf_enum64: name_off, val_lo32, val_hi32.
  const wide = type.kind === KIND.enum64;
  const bits = wide ? 64 : 32;
  return Array.from({ length: type.count }, (_, n) => {
    const at = type.body + n * (wide ? 12 : 8);
    const low = BigInt(index.data.getUint32(at + 4, true));
    const high = wide ? BigInt(index.data.getUint32(at + 8, true)) << 32n : 0n;
    // The kind flag says that values have a sign. Before Linux 6.0 it was never set, and a negative value is likelier.
    const signed = type.kindFlag || !wide;
    const value = signed ? BigInt.asIntN(bits, high | low) : high | low;
    return { name: strings.read(index.data.getUint32(at, true)), value };
  });
}

function namesOfTracepoints(index: BtfIndex, strings: BtfStrings): readonly string[] {
  const names = [];
  const places = strings.beginnings(TRACEPOINT_PREFIX);
  for (let id = 1; id <= index.lastId; id++) {
    const offset = index.names[id] ?? 0;
    if (places.has(offset) && index.type(id).kind === KIND.typedef) {
      names.push(strings.read(offset).slice(TRACEPOINT_PREFIX.length));
    }
  }
  return names;
}
