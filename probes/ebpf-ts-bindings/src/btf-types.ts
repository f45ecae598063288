// What a BTF type comes down to: the type behind typedefs and qualifiers, its size, its parameters.

import { type BtfIndex, KIND, type RawType } from "./btf-index.ts";
import type { BtfStrings } from "./btf-strings.ts";
import { BtfError } from "./errors.ts";

/** A parameter of a function or of a tracepoint. */
export interface Parameter {
  /** "" where the kernel gives none. */
  readonly name: string;
  readonly typeId: number;
}

/** Twice what the kernel's own reader follows (MAX_RESOLVE_DEPTH, kernel/bpf/btf.c); more is a cycle. */
const DEPTH_MAX = 64;
/** eBPF runs on 64-bit kernels. */
const POINTER_BYTES = 8;
/** struct btf_param: name_off, type. */
const PARAMETER_BYTES = 8;

const MODIFIERS: ReadonlySet<number> = new Set([
  KIND.typedef,
  KIND.volatile,
  KIND.const,
  KIND.restrict,
  KIND.typeTag,
]);

const SIZED: ReadonlySet<number> = new Set([
  KIND.int,
  KIND.struct,
  KIND.union,
  KIND.enum,
  KIND.enum64,
  KIND.float,
  KIND.section,
]);

/** The type behind typedefs, const, volatile, restrict and tags. @throws BtfError for a cycle */
export function resolve(index: BtfIndex, id: number): RawType {
  let type = index.type(id);
  for (let depth = 0; MODIFIERS.has(type.kind); depth++) {
    if (depth === DEPTH_MAX) throw new BtfError(`type ${id} refers to itself`);
    type = index.type(type.sizeOrType);
  }
  return type;
}

/** Bytes, as sizeof; null for void, functions and types that are only declared. @throws BtfError for a cycle */
export function sizeOf(index: BtfIndex, id: number): number | null {
  let type = resolve(index, id);
  let elements = 1;
  // struct btf_array: type, index_type, nelems.
  for (let depth = 0; type.kind === KIND.array; depth++) {
    if (depth === DEPTH_MAX) throw new BtfError(`the array type ${id} contains itself`);
    elements *= index.data.getUint32(type.body + 8, true);
    type = resolve(index, index.data.getUint32(type.body, true));
  }
  if (type.kind === KIND.pointer) return elements * POINTER_BYTES;
  return SIZED.has(type.kind) ? elements * type.sizeOrType : null;
}

/** What a pointer points to; null for anything else. */
export function pointee(index: BtfIndex, id: number): RawType | null {
  const type = resolve(index, id);
  return type.kind === KIND.pointer ? resolve(index, type.sizeOrType) : null;
}

/** Parameters of a function, a prototype, or a pointer to one; null for anything else. */
export function parametersOf(
  index: BtfIndex,
  strings: BtfStrings,
  id: number,
): readonly Parameter[] | null {
  const type = resolve(index, id);
  const refers = type.kind === KIND.function || type.kind === KIND.pointer;
  const prototype = refers ? resolve(index, type.sizeOrType) : type;
  if (prototype.kind !== KIND.prototype) return null;
  return Array.from({ length: prototype.count }, (_, n) => {
    const at = prototype.body + n * PARAMETER_BYTES;
    return {
      name: strings.read(index.data.getUint32(at, true)),
      typeId: index.data.getUint32(at + 4, true),
    };
  });
}
