// BTF read the plain way, an object for every type (btf.rst): slow, and shares nothing with the reader that it is held against.

const KINDS = [
  "VOID",
  "INT",
  "PTR",
  "ARRAY",
  "STRUCT",
  "UNION",
  "ENUM",
  "FWD",
  "TYPEDEF",
  "VOLATILE",
  "CONST",
  "RESTRICT",
  "FUNC",
  "FUNC_PROTO",
  "VAR",
  "DATASEC",
  "FLOAT",
  "DECL_TAG",
  "TYPE_TAG",
  "ENUM64",
];
const WORDS_EACH: Readonly<Record<string, number>> = {
  STRUCT: 3,
  UNION: 3,
  ENUM: 2,
  FUNC_PROTO: 2,
  DATASEC: 3,
  ENUM64: 3,
};
const WORDS_FIXED: Readonly<Record<string, number>> = { INT: 1, ARRAY: 3, VAR: 1, DECL_TAG: 1 };

interface Type {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly flag: boolean;
  readonly type: number;
  /** The words that follow, for each member of its own. */
  readonly rows: readonly (readonly number[])[];
}

export function readAllTypes(data: Buffer) {
  const header = data.readUInt32LE(4);
  const words = data.subarray(header + data.readUInt32LE(8)).subarray(0, data.readUInt32LE(12));
  const texts = data.subarray(header + data.readUInt32LE(16));
  const textAt = (at: number) => texts.toString("latin1", at, texts.indexOf(0, at));
  const types: Type[] = [{ id: 0, kind: "VOID", name: "", flag: false, type: 0, rows: [] }];
  for (let at = 0; at < words.length; ) {
    const [name = 0, info = 0, type = 0] = readWords(words, at, 3);
    const kind = KINDS[(info >>> 24) & 0x1f] ?? "";
    const each = WORDS_EACH[kind] ?? 0;
    const count = each === 0 ? 0 : info & 0xffff;
    const rows = Array.from({ length: count }, (_, i) =>
      readWords(words, at + 12 + i * each * 4, each),
    );
    types.push({ id: types.length, kind, name: textAt(name), flag: info >>> 31 === 1, type, rows });
    at += 12 + 4 * ((WORDS_FIXED[kind] ?? 0) + each * count);
  }
  const byName = new Map<string, Type>();
  for (const type of types.toReversed()) byName.set(`${type.kind} ${type.name}`, type);
  const first = (kind: string, name: string): Type => {
    const type = byName.get(`${kind} ${name}`);
    if (type === undefined) throw new Error(`no ${kind} ${name}`);
    return type;
  };
  const bare = (id: number): Type => {
    const type = types[id];
    if (type === undefined) throw new Error(`no type ${id}`);
    const wraps = ["TYPEDEF", "CONST", "VOLATILE", "RESTRICT", "TYPE_TAG"].includes(type.kind);
    return wraps ? bare(type.type) : type;
  };
  const memberOf = (struct: Type, name: string): { bits: number; type: number } | undefined => {
    for (const [text = 0, type = 0, offset = 0] of struct.rows) {
      const bits = struct.flag ? offset & 0xffffff : offset;
      if (textAt(text) === name) return { bits, type };
      if (textAt(text) !== "") continue;
      const inner = memberOf(bare(type), name);
      if (inner !== undefined) return { bits: bits + inner.bits, type: inner.type };
    }
    return undefined;
  };
  return {
    has: (kind: string, name: string) => byName.has(`${kind} ${name}`),
    id: (kind: string, name: string) => first(kind, name).id,
    offsetBytes: (struct: string, ...path: readonly string[]): number => {
      let type = first("STRUCT", struct);
      let bits = 0;
      for (const name of path) {
        const member = memberOf(type, name);
        if (member === undefined) throw new Error(`no ${name} in ${struct}`);
        bits += member.bits;
        type = bare(member.type);
      }
      return bits / 8;
    },
    /** By name, with what each points to if that is a struct. */
    parameters: (kind: "FUNC" | "TYPEDEF", name: string) => {
      const { type } = first(kind, name);
      const prototype = kind === "FUNC" ? bare(type) : bare(bare(type).type);
      return prototype.rows.map(([text = 0, id = 0]) => {
        const pointer = bare(id);
        const target = pointer.kind === "PTR" ? bare(pointer.type) : undefined;
        const pointsTo = target?.kind === "STRUCT" ? target.name : null;
        return { name: textAt(text), typeId: id, pointsTo };
      });
    },
    enumerators: (name: string) =>
      first("ENUM", name).rows.map(([text = 0, value = 0]) => [textAt(text), value] as const),
  };
}

function readWords(bytes: Buffer, at: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => bytes.readUInt32LE(at + i * 4));
}
