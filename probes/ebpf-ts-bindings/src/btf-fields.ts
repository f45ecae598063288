// Where a field lies inside a struct, through anonymous structs and unions.

import { DEPTH_MAX, sizeBytesOf, skipModifiers } from "./btf-resolve.ts";
import { BTF_KIND, type BtfTable } from "./btf-table.ts";
import { BtfError } from "./errors.ts";

/** One member of a struct or union. */
export interface Field {
  /** From the start of the outermost struct. */
  readonly offsetBytes: number;
  /** The bit inside that byte at which a bit field starts, else 0. */
  readonly offsetBits: number;
  /** The width of a bit field, 0 for any other member. */
  readonly bitFieldBits: number;
  /** undefined for a bit field and for what has no size. */
  readonly sizeBytes: number | undefined;
  readonly typeId: number;
}

/** The field at a path of member names; undefined when a name on it is missing. */
export function fieldAt(
  table: BtfTable,
  structId: number,
  path: readonly string[],
): Field | undefined {
  let bits = 0;
  let typeId = structId;
  let width = 0;
  for (const name of path) {
    const member = findMember(table, typeId, name, { left: MEMBERS_MAX }, 0);
    if (member === undefined) return undefined;
    bits += member.bits;
    width = member.width;
    typeId = member.typeId;
  }
  return {
    offsetBytes: Math.floor(bits / 8),
    offsetBits: bits % 8,
    bitFieldBits: width,
    sizeBytes: width === 0 ? sizeBytesOf(table, typeId) : undefined,
    typeId,
  };
}

interface Member {
  readonly bits: number;
  readonly width: number;
  readonly typeId: number;
}

/** More members than any struct has: damaged data can nest so that a search would not end. */
const MEMBERS_MAX = 100_000;
const MEMBER_BYTES = 12;

function findMember(
  table: BtfTable,
  id: number,
  name: string,
  budget: { left: number },
  depth: number,
): Member | undefined {
  const struct = skipModifiers(table, id);
  if (!isStruct(table, struct)) return undefined;
  if (depth > DEPTH_MAX) throw new BtfError(`BTF struct ${id} contains itself`);
  for (let i = 0; i < table.entryCount(struct); i += 1) {
    budget.left -= 1;
    if (budget.left < 0) throw new BtfError(`BTF struct ${id} has members without end`);
    const member = memberAt(table, struct, i);
    const own = table.word(struct, i * MEMBER_BYTES);
    if (table.isText(own, name)) return member;
    if (!table.isText(own, "")) continue;
    const inner = findMember(table, member.typeId, name, budget, depth + 1);
    if (inner !== undefined) return { ...inner, bits: member.bits + inner.bits };
  }
  return undefined;
}

function isStruct(table: BtfTable, id: number): boolean {
  const kind = table.kind(id);
  return kind === BTF_KIND.STRUCT || kind === BTF_KIND.UNION;
}

function memberAt(table: BtfTable, struct: number, i: number): Member {
  const typeId = table.word(struct, i * MEMBER_BYTES + 4);
  const offset = table.word(struct, i * MEMBER_BYTES + 8);
  // With the kind flag the upper byte is a bit field's width (btf.rst, struct btf_member).
  if (table.kindFlag(struct)) return { bits: offset & 0xffffff, width: offset >>> 24, typeId };
  return { bits: offset, width: 0, typeId };
}
