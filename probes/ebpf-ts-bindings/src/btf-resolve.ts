// From a type to what it stands for, without ever going round in a circle.

import { BTF_KIND, type BtfTable } from "./btf-table.ts";
import { BtfError } from "./errors.ts";

/** Types of C nest some ten deep; data in which they nest deeper are damaged. */
export const DEPTH_MAX = 64;

const MODIFIERS: readonly number[] = [
  BTF_KIND.TYPEDEF,
  BTF_KIND.VOLATILE,
  BTF_KIND.CONST,
  BTF_KIND.RESTRICT,
  BTF_KIND.TYPE_TAG,
];

/** The type behind typedefs, const, volatile, restrict and tags. */
export function skipModifiers(table: BtfTable, id: number): number {
  let current = id;
  for (let step = 0; step < DEPTH_MAX; step += 1) {
    if (!MODIFIERS.includes(table.kind(current))) return current;
    current = table.sizeOrType(current);
  }
  throw new BtfError(`BTF type ${id} refers to itself`);
}

/** What a pointer, or a name for one, points to; undefined for any other type. */
export function pointee(table: BtfTable, id: number): number | undefined {
  const pointer = skipModifiers(table, id);
  if (table.kind(pointer) !== BTF_KIND.PTR) return undefined;
  return skipModifiers(table, table.sizeOrType(pointer));
}

const POINTER_BYTES = 8;
const SIZED: readonly number[] = [
  BTF_KIND.INT,
  BTF_KIND.STRUCT,
  BTF_KIND.UNION,
  BTF_KIND.ENUM,
  BTF_KIND.ENUM64,
  BTF_KIND.FLOAT,
  BTF_KIND.DATASEC,
];

/** sizeof in bytes; undefined for what has no size, such as a function. */
export function sizeBytesOf(table: BtfTable, id: number): number | undefined {
  let factor = 1;
  let current = skipModifiers(table, id);
  for (let depth = 0; depth < DEPTH_MAX; depth += 1) {
    const kind = table.kind(current);
    if (kind === BTF_KIND.PTR) return factor * POINTER_BYTES;
    if (SIZED.includes(kind)) return factor * table.sizeOrType(current);
    if (kind !== BTF_KIND.ARRAY) return undefined;
    // struct btf_array: type, index_type, nelems
    factor *= table.word(current, 8);
    current = skipModifiers(table, table.word(current, 0));
  }
  throw new BtfError(`BTF type ${id} refers to itself`);
}
