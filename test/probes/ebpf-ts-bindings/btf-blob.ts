// Builds small BTF sections by hand: types in order of their ids, names as they come.

import { KIND } from "../../../probes/ebpf-ts-bindings/src/btf-index.ts";

export interface Blob {
  /** Appends a type and gives its id. `words` follow struct btf_type as they are. */
  add(kind: number, options?: BlobType): number;
  /** Offset of a name in the string section. */
  name(text: string): number;
  build(): Buffer;
}

interface BlobType {
  readonly name?: string;
  readonly count?: number;
  readonly flag?: boolean;
  readonly sizeOrType?: number;
  readonly words?: readonly number[];
}

export function createBlob(): Blob {
  const types: number[] = [];
  const offsets = new Map([["", 0]]);
  let strings = "\0";
  let lastId = 0;
  const name = (text: string): number => {
    const known = offsets.get(text);
    if (known !== undefined) return known;
    const offset = strings.length;
    offsets.set(text, offset);
    strings += `${text}\0`;
    return offset;
  };
  return {
    name,
    add: (kind, { name: text = "", count = 0, flag = false, sizeOrType = 0, words = [] } = {}) => {
      const info = kind * 2 ** 24 + count + (flag ? 2 ** 31 : 0);
      types.push(name(text), info, sizeOrType, ...words);
      lastId += 1;
      return lastId;
    },
    build: () => {
      const header = Buffer.alloc(24);
      header.writeUInt16LE(0xeb9f, 0);
      header.writeUInt8(1, 2);
      const body = Buffer.alloc(types.length * 4);
      for (const [n, word] of types.entries()) body.writeUInt32LE(word, n * 4);
      const values = [24, 0, body.length, body.length, strings.length];
      for (const [n, value] of values.entries()) header.writeUInt32LE(value, 4 + n * 4);
      return Buffer.concat([header, body, Buffer.from(strings, "latin1")]);
    },
  };
}

/** A kernel in small: a packet with anonymous parts and bitfields, a tracepoint, a function, enums. */
export function smallKernel(): Buffer {
  const blob = createBlob();
  const int = (name: string, size: number) =>
    blob.add(KIND.int, { name, sizeOrType: size, words: [size * 8] });
  const u8 = int("unsigned char", 1);
  const u32 = int("unsigned int", 4);
  const u64 = int("unsigned long", 8);
  const member = (name: string, type: number, bits: number, width = 0) => [
    blob.name(name),
    type,
    bits + width * 2 ** 24,
  ];
  const voidPointer = blob.add(KIND.pointer);
  const word = blob.add(KIND.typedef, { name: "__u32", sizeOrType: u32 });
  const marks = blob.add(KIND.union, {
    count: 2,
    sizeOrType: 4,
    words: [...member("mark", word, 0), ...member("reserved", u32, 0)],
  });
  const flags = blob.add(KIND.struct, {
    count: 2,
    flag: true,
    sizeOrType: 4,
    words: [...member("kind", u8, 0, 3), ...member("cloned", u8, 11, 1)],
  });
  const label = blob.add(KIND.array, { words: [u8, u32, 16] });
  const inner = blob.add(KIND.struct, {
    name: "place",
    count: 2,
    sizeOrType: 16,
    words: [...member("at", u64, 0), ...member("next", voidPointer, 64)],
  });
  const packet = blob.add(KIND.struct, {
    name: "packet",
    count: 5,
    sizeOrType: 48,
    words: [
      ...member("head", voidPointer, 0),
      ...member("", marks, 64),
      ...member("", flags, 96),
      ...member("where", inner, 128),
      ...member("label", label, 256),
    ],
  });
  const constant = blob.add(KIND.const, { sizeOrType: packet });
  const pointer = blob.add(KIND.pointer, { sizeOrType: constant });
  const prototype = blob.add(KIND.prototype, {
    count: 3,
    words: [0, voidPointer, blob.name("skb"), pointer, blob.name("reason"), u32],
  });
  const traced = blob.add(KIND.pointer, { sizeOrType: prototype });
  blob.add(KIND.typedef, { name: "btf_trace_drop", sizeOrType: traced });
  const receive = blob.add(KIND.prototype, {
    count: 2,
    words: [blob.name("skb"), pointer, blob.name("length"), u32],
  });
  blob.add(KIND.function, { name: "receive", sizeOrType: receive });
  blob.add(KIND.enum, {
    name: "reason",
    count: 2,
    sizeOrType: 4,
    words: [blob.name("NONE"), 0, blob.name("BROKEN"), 0xffffffff],
  });
  blob.add(KIND.enum64, {
    name: "wide",
    count: 1,
    sizeOrType: 8,
    words: [blob.name("BIG"), 1, 2],
  });
  return blob.build();
}
