// The type section of BTF as a table: one pass that checks that every entry lies inside the data, and finds names.
// Format: Documentation/bpf/btf.rst and linux/btf.h. Only little-endian data, only whole (not split) BTF.

import { createNameSearch, isTextAt } from "./btf-names.ts";
import { BtfError } from "./errors.ts";

/** BTF_KIND_* of linux/btf.h. */
export const BTF_KIND = {
  INT: 1,
  PTR: 2,
  ARRAY: 3,
  STRUCT: 4,
  UNION: 5,
  ENUM: 6,
  FWD: 7,
  TYPEDEF: 8,
  VOLATILE: 9,
  CONST: 10,
  RESTRICT: 11,
  FUNC: 12,
  FUNC_PROTO: 13,
  VAR: 14,
  DATASEC: 15,
  FLOAT: 16,
  DECL_TAG: 17,
  TYPE_TAG: 18,
  ENUM64: 19,
} as const;

/** What struct btf_type holds, and what follows it. Ids run from 1 to count - 1; 0 is void. */
export interface BtfTable {
  readonly count: number;
  /** 0 for void. */
  kind(id: number): number;
  name(id: number): string;
  /** The number of members, enumerators or parameters. */
  entryCount(id: number): number;
  kindFlag(id: number): boolean;
  /** `size` or `type` of struct btf_type, by kind. */
  sizeOrType(id: number): number;
  /** A 32-bit word of what follows the entry, by its byte offset from there. */
  word(id: number, offsetBytes: number): number;
  /** A name by its offset in the string section. */
  text(offset: number): string;
  /** Whether the name at an offset is this one; an empty text for none. */
  isText(offset: number, text: string): boolean;
  /** All ids of these kinds with this name, in order. */
  idsNamed(name: string, kinds: readonly number[]): readonly number[];
}

const MAGIC = 0xeb9f;
const HEADER_BYTES = 24;
const ENTRY_BYTES = 12;

/** Bytes that follow an entry of each kind: fixed, and for each of its vlen. */
const FOLLOWING: readonly (readonly [number, number] | undefined)[] = [
  undefined,
  [4, 0],
  [0, 0],
  [12, 0],
  [0, 12],
  [0, 12],
  [0, 8],
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 0],
  [0, 8],
  [4, 0],
  [0, 12],
  [0, 0],
  [4, 0],
  [0, 0],
  [0, 12],
];

/**
 * @param names found in the same pass; any other that is asked for costs a pass of its own
 * @throws BtfError when the data are no BTF, are cut off, or hold a kind that is not known
 */
export function readTable(data: Buffer, names: readonly string[] = []): BtfTable {
  const { types, strings } = readSections(data);
  const { at, found } = indexTypes(types, strings, names);
  const offsetOf = (id: number) => {
    const offset = id > 0 ? at[id] : undefined;
    if (offset === undefined) throw new BtfError(`BTF has no type ${id}`);
    return offset;
  };
  const info = (id: number) => types.readUInt32LE(offsetOf(id) + 4);
  const text = (offset: number) => readText(strings, offset);
  return {
    count: at.length,
    kind: (id) => (id === 0 ? 0 : kindOf(info(id))),
    name: (id) => text(types.readUInt32LE(offsetOf(id))),
    entryCount: (id) => info(id) & 0xffff,
    kindFlag: (id) => info(id) >>> 31 === 1,
    sizeOrType: (id) => types.readUInt32LE(offsetOf(id) + 8),
    word: (id, offsetBytes) => types.readUInt32LE(offsetOf(id) + ENTRY_BYTES + offsetBytes),
    text,
    isText: (offset, name) => isTextAt(strings, offset, name),
    idsNamed: (name, kinds) => {
      const ids = found.get(name) ?? findIds({ types, strings, at }, name);
      found.set(name, ids);
      return ids.filter((id) => kinds.includes(kindOf(info(id))));
    },
  };
}

function readSections(data: Buffer): { readonly types: Buffer; readonly strings: Buffer } {
  if (data.length < HEADER_BYTES) throw new BtfError("BTF is shorter than its header");
  if (data.readUInt16LE(0) !== MAGIC) throw new BtfError("the data do not start with BTF's magic");
  const header = data.readUInt32LE(4);
  const section = (what: string, offset: number, length: number) => {
    const start = header + offset;
    if (header < HEADER_BYTES || start + length > data.length) {
      throw new BtfError(`BTF's ${what} section lies outside the data`);
    }
    return data.subarray(start, start + length);
  };
  return {
    types: section("type", data.readUInt32LE(8), data.readUInt32LE(12)),
    strings: section("string", data.readUInt32LE(16), data.readUInt32LE(20)),
  };
}

function kindOf(info: number): number {
  return (info >>> 24) & 0x1f;
}

interface Indexed {
  /** Where each type's entry is. */
  readonly at: Uint32Array;
  /** For every name that was wanted. */
  readonly found: Map<string, readonly number[]>;
}

function indexTypes(types: Buffer, strings: Buffer, names: readonly string[]): Indexed {
  const at = new Uint32Array(Math.floor(types.length / ENTRY_BYTES) + 1);
  const search = createNameSearch(strings, names);
  const words = wordsOf(types);
  let id = 1;
  let offset = 0;
  while (offset < types.length) {
    if (offset + ENTRY_BYTES > types.length) throw new BtfError(`BTF type ${id} is cut off`);
    const info = words[(offset >> 2) + 1] ?? 0;
    const following = FOLLOWING[kindOf(info)];
    if (following === undefined) throw new BtfError(`BTF type ${id} is of kind ${kindOf(info)}`);
    at[id] = offset;
    search.look(words[offset >> 2] ?? 0, id);
    offset += ENTRY_BYTES + following[0] + following[1] * (info & 0xffff);
    if (offset > types.length) throw new BtfError(`BTF type ${id} is cut off`);
    id += 1;
  }
  return { at: at.subarray(0, id), found: search.found };
}

/** In the machine's byte order, which is BTF's wherever this runs; plain loads, where Buffer's methods are calls. */
function wordsOf(types: Buffer): Uint32Array {
  const isAligned = types.byteOffset % 4 === 0;
  const { buffer, byteOffset } = isAligned ? types : Uint8Array.from(types);
  return new Uint32Array(buffer, byteOffset, Math.floor(types.length / 4));
}

function readText(strings: Buffer, offset: number): string {
  const end = offset < strings.length ? strings.indexOf(0, offset) : -1;
  if (end < 0) throw new BtfError(`BTF has no string at ${offset}`);
  return strings.toString("latin1", offset, end);
}

interface Parts {
  readonly types: Buffer;
  readonly strings: Buffer;
  readonly at: Uint32Array;
}

function findIds({ types, strings, at }: Parts, name: string): readonly number[] {
  const found: number[] = [];
  for (let id = 1; id < at.length; id += 1) {
    if (isTextAt(strings, types.readUInt32LE(at[id] ?? 0), name)) found.push(id);
  }
  return found;
}
