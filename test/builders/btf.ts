// BTF put together by hand: type entries and strings, as linux/btf.h lays them out.

export interface HandMadeType {
  readonly name?: string;
  readonly kind: number;
  readonly kindFlag?: boolean;
  readonly vlen?: number;
  readonly sizeOrType?: number;
  /** Words that follow; a text stands for its offset in the string section. */
  readonly following?: readonly (number | string)[];
}

/** The first type gets id 1. */
export function makeBtf(types: readonly HandMadeType[]): Buffer {
  const strings = ["\0"];
  let stringsLength = 1;
  const offsetOf = (text: string): number => {
    if (text === "") return 0;
    strings.push(`${text}\0`);
    stringsLength += text.length + 1;
    return stringsLength - text.length - 1;
  };
  const words = types.flatMap(
    ({ name = "", kind, kindFlag = false, vlen = 0, sizeOrType = 0, following = [] }) => [
      offsetOf(name),
      ((kindFlag ? 0x80000000 : 0) | (kind << 24) | vlen) >>> 0,
      sizeOrType,
      ...following.map((word) => (typeof word === "string" ? offsetOf(word) : word >>> 0)),
    ],
  );
  const typeBytes = Buffer.from(Uint32Array.from(words).buffer);
  const stringBytes = Buffer.from(strings.join(""), "latin1");
  const header = Buffer.alloc(24);
  header.writeUInt16LE(0xeb9f, 0);
  header.writeUInt8(1, 2);
  header.writeUInt32LE(24, 4);
  header.writeUInt32LE(0, 8);
  header.writeUInt32LE(typeBytes.length, 12);
  header.writeUInt32LE(typeBytes.length, 16);
  header.writeUInt32LE(stringBytes.length, 20);
  return Buffer.concat([header, typeBytes, stringBytes]);
}
