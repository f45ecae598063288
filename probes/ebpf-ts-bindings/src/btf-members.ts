// Where a struct's members are: through anonymous structs and unions, bitfields included.

import { type BtfIndex, KIND, type RawType } from "./btf-index.ts";
import type { BtfStrings } from "./btf-strings.ts";
import { resolve, sizeOf } from "./btf-types.ts";

/** A member's place, counted from the start of the struct that was asked. */
export interface Member {
  /** The byte in which it begins. */
  readonly offsetBytes: number;
  /** Its size; for a bitfield that of the integer type it was declared with. Null for what has none. */
  readonly sizeBytes: number | null;
  readonly typeId: number;
  /** Null unless it is a bitfield: its lowest bit within `offsetBytes` (0-7) and its width. */
  readonly bits: { readonly shift: number; readonly width: number } | null;
}

interface Found {
  readonly bitOffset: number;
  readonly bitWidth: number;
  readonly typeId: number;
}

/** BTF_MEMBER_BITFIELD_SIZE and BTF_MEMBER_BIT_OFFSET in linux/btf.h, used when the kind flag is set. */
const WIDTH_SHIFT = 24;
const OFFSET_MASK = 0xffffff;
/** struct btf_member: name_off, type, offset. */
const MEMBER_BYTES = 12;
const BITS_PER_BYTE = 8;

/**
 * The member at a path such as "nd_net.net"; pointers are not followed. Null when there is none.
 * @throws BtfError for data that contradicts itself
 */
export function findMember(
  index: BtfIndex,
  strings: BtfStrings,
  structId: number,
  path: string,
): Member | null {
  let found: Found = { bitOffset: 0, bitWidth: 0, typeId: structId };
  for (const name of path.split(".")) {
    const next = search(index, strings.places(name), resolve(index, found.typeId), new Set());
    if (next === null) return null;
    found = { ...next, bitOffset: found.bitOffset + next.bitOffset };
  }
  return describe(index, found);
}

/** `seen` ends cycles, which only damaged data has, and looks at no type twice. */
function search(
  index: BtfIndex,
  places: ReadonlySet<number>,
  owner: RawType,
  seen: Set<number>,
): Found | null {
  if (!isComposite(owner) || seen.has(owner.id)) return null;
  seen.add(owner.id);
  for (let n = 0; n < owner.count; n++) {
    const at = owner.body + n * MEMBER_BYTES;
    const nameOffset = index.data.getUint32(at, true);
    const member = readMember(index, owner, at);
    if (nameOffset !== 0 && places.has(nameOffset)) return member;
    if (nameOffset !== 0) continue;
    const inner = search(index, places, resolve(index, member.typeId), seen);
    if (inner !== null) return { ...inner, bitOffset: member.bitOffset + inner.bitOffset };
  }
  return null;
}

function isComposite(type: RawType): boolean {
  return type.kind === KIND.struct || type.kind === KIND.union;
}

function readMember(index: BtfIndex, owner: RawType, at: number): Found {
  const typeId = index.data.getUint32(at + 4, true);
  const offset = index.data.getUint32(at + 8, true);
  if (owner.kindFlag) {
    return { typeId, bitOffset: offset & OFFSET_MASK, bitWidth: offset >>> WIDTH_SHIFT };
  }
  return { typeId, ...olderBitfield(index, typeId, offset) };
}

/** Before Linux 5.0 the integer type of a bitfield carried its width: encoding, offset, bits in one u32. */
function olderBitfield(index: BtfIndex, typeId: number, bitOffset: number) {
  const type = resolve(index, typeId);
  if (type.kind !== KIND.int) return { bitOffset, bitWidth: 0 };
  const integer = index.data.getUint32(type.body, true);
  const width = integer & 0xff;
  const shift = (integer >>> 16) & 0xff;
  const isBitfield = width !== type.sizeOrType * BITS_PER_BYTE;
  return { bitOffset: bitOffset + shift, bitWidth: isBitfield ? width : 0 };
}

function describe(index: BtfIndex, { bitOffset, bitWidth, typeId }: Found): Member {
  const offsetBytes = Math.floor(bitOffset / BITS_PER_BYTE);
  const shift = bitOffset % BITS_PER_BYTE;
  const bits = bitWidth === 0 ? null : { shift, width: bitWidth };
  return { offsetBytes, sizeBytes: sizeOf(index, typeId), typeId, bits };
}
