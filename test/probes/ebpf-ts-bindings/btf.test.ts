// The BTF reader over data made by hand, and over the same data cut off and changed.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Btf,
  BtfError,
  type BtfNames,
  parseBtf,
} from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { type HandMadeType, makeBtf } from "../../builders/btf.ts";

const INT = 1;
const PTR = 2;
const ARRAY = 3;
const STRUCT = 4;
const UNION = 5;
const ENUM = 6;
const TYPEDEF = 8;
const CONST = 10;
const FUNC = 12;
const FUNC_PROTO = 13;
const ENUM64 = 19;

/** A small kernel: ids run from 1. */
const TYPES: readonly HandMadeType[] = [
  { name: "int", kind: INT, sizeOrType: 4, following: [0] },
  // 2: union { int b; int bits; }
  { kind: UNION, vlen: 2, sizeOrType: 4, following: ["b", 1, 0, "again", 1, 0] },
  // 3: struct outer { int a; union; struct inner in; int last : 3 }
  {
    name: "outer",
    kind: STRUCT,
    kindFlag: true,
    vlen: 4,
    sizeOrType: 24,
    following: ["a", 1, 0, "", 2, 32, "in", 4, 64, "last", 1, (3 << 24) | 165],
  },
  { name: "inner", kind: STRUCT, vlen: 2, sizeOrType: 12, following: ["x", 1, 0, "y", 8, 32] },
  { kind: PTR, sizeOrType: 6 },
  { kind: CONST, sizeOrType: 3 },
  { name: "outer_t", kind: TYPEDEF, sizeOrType: 3 },
  { kind: ARRAY, following: [1, 1, 2] },
  // 9: int f(const struct outer *o, int n)
  { kind: FUNC_PROTO, vlen: 2, sizeOrType: 1, following: ["o", 5, "n", 1] },
  { name: "f", kind: FUNC, sizeOrType: 9 },
  // 11 to 13: the typedef of a tracepoint (void *, const struct outer *)
  { kind: FUNC_PROTO, vlen: 2, following: ["", 14, "", 5] },
  { kind: PTR, sizeOrType: 11 },
  { name: "btf_trace_event", kind: TYPEDEF, sizeOrType: 12 },
  { kind: PTR, sizeOrType: 0 },
  {
    name: "e",
    kind: ENUM,
    kindFlag: true,
    vlen: 2,
    sizeOrType: 4,
    following: ["MINUS", -1, "ONE", 1],
  },
  { name: "u", kind: ENUM, vlen: 1, sizeOrType: 4, following: ["TOP", -1] },
  { name: "e64", kind: ENUM64, vlen: 1, sizeOrType: 8, following: ["BIG", 1, 2] },
];

const NAMES: BtfNames = {
  names: ["outer", "outer_t", "oute", "e", "e64", "f", "nothing", "in"],
  tracepoints: ["event", "nothing"],
};

describe.each<[string, Btf]>([
  ["names that are asked for", parseBtf(makeBtf(TYPES))],
  ["names that were announced", parseBtf(makeBtf(TYPES), NAMES)],
])("of %s", (_, btf) => {
  describe("fields", () => {
    it("are found by name, through anonymous unions and along a path", () => {
      expect(btf.field("outer", "a")).toMatchObject({ offsetBytes: 0, sizeBytes: 4 });
      expect(btf.field("outer", "again")).toMatchObject({ offsetBytes: 4, sizeBytes: 4 });
      expect(btf.field("outer", "in")).toMatchObject({ offsetBytes: 8, sizeBytes: 12 });
      expect(btf.field("outer", "in.y")).toMatchObject({ offsetBytes: 12, sizeBytes: 8 });
    });

    it("of some bits say which ones", () => {
      const last = { offsetBytes: 20, offsetBits: 5, bitFieldBits: 3, sizeBytes: undefined };
      expect(btf.field("outer", "last")).toMatchObject(last);
    });

    it("that are not there are undefined", () => {
      expect(btf.field("outer", "nothing")).toBeUndefined();
      expect(btf.field("outer", "a.b")).toBeUndefined();
      expect(btf.field("nothing", "a")).toBeUndefined();
      expect(btf.field("oute", "a")).toBeUndefined();
    });
  });

  it("gives sizes", () => {
    expect(btf.sizeBytes("outer")).toBe(24);
    expect(btf.sizeBytes("outer_t")).toBe(24);
    expect(btf.sizeBytes("int")).toBe(4);
    expect(btf.sizeBytes("nothing")).toBeUndefined();
  });

  it("gives enumerators, signed, unsigned and of 64 bits", () => {
    expect(btf.enumerators("e")).toEqual([
      { name: "MINUS", value: -1n },
      { name: "ONE", value: 1n },
    ]);
    expect(btf.enumerators("u")).toEqual([{ name: "TOP", value: 0xffffffffn }]);
    expect(btf.enumerators("e64")).toEqual([{ name: "BIG", value: 0x200000001n }]);
    expect(btf.enumerators("nothing")).toEqual([]);
  });

  it("gives parameters, a tracepoint's without its own data", () => {
    const pointer = { typeId: 5, pointsTo: "outer" };
    expect(btf.func("f")).toEqual({
      name: "f",
      typeId: 10,
      parameters: [
        { name: "o", ...pointer },
        { name: "n", typeId: 1, pointsTo: null },
      ],
    });
    expect(btf.tracepoint("event")).toEqual({
      name: "event",
      typeId: 13,
      parameters: [{ name: "", ...pointer }],
    });
    expect(btf.func("nothing")).toBeUndefined();
    expect(btf.tracepoint("nothing")).toBeUndefined();
  });
});

it("finds announced names wherever in memory the data are", () => {
  const data = Buffer.concat([Buffer.alloc(1), makeBtf(TYPES)]).subarray(1);
  expect(parseBtf(data, NAMES).field("outer", "a")?.offsetBytes).toBe(0);
  expect(parseBtf(data, NAMES).sizeBytes("e64")).toBe(8);
});

describe("data that are damaged", () => {
  it.each<[string, Buffer]>([
    ["nothing", Buffer.alloc(0)],
    ["a header alone, cut off", makeBtf([]).subarray(0, 23)],
    ["another magic", Buffer.alloc(64)],
    ["the other byte order", Buffer.concat([makeBtf([]), Buffer.alloc(1)]).swap16()],
    ["a kind that is not known", makeBtf([{ kind: 31 }])],
    ["an entry that says more than there is", makeBtf([{ kind: STRUCT, vlen: 9 }])],
  ])("are a BtfError: %s", (_, data) => {
    expect(() => parseBtf(data)).toThrow(BtfError);
  });

  it("do not send the reader in circles", () => {
    const circle = parseBtf(
      makeBtf([
        { name: "t", kind: TYPEDEF, sizeOrType: 1 },
        { name: "s", kind: STRUCT, vlen: 2, following: ["", 2, 0, "", 2, 0] },
        { name: "btf_trace_t", kind: TYPEDEF, sizeOrType: 1 },
        { name: "a", kind: TYPEDEF, sizeOrType: 5 },
        { kind: ARRAY, following: [5, 1, 2] },
      ]),
    );
    expect(() => circle.sizeBytes("t")).toThrow(BtfError);
    expect(() => circle.sizeBytes("a")).toThrow(BtfError);
    expect(() => circle.field("s", "x")).toThrow(BtfError);
    expect(() => circle.tracepoint("t")).toThrow(BtfError);
  });

  it("end in an answer or a BtfError wherever they are cut off", () => {
    const whole = makeBtf(TYPES);
    for (let length = 0; length < whole.length; length += 1) {
      askEverything(whole.subarray(0, length));
    }
  });

  it("end in an answer or a BtfError whatever is changed", () => {
    const whole = makeBtf(TYPES);
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const data = Buffer.from(whole);
        for (const [at, value] of changes) data.writeUInt8(value, at);
        askEverything(data);
      }),
      { numRuns: 5000 },
    );
  });

  it("end in an answer or a BtfError whatever is made up", () => {
    const word = fc.oneof(fc.nat(20), fc.nat(), fc.constantFrom("s", "e", "x", ""));
    const type = fc.record({
      name: fc.constantFrom("s", "e", "f", "btf_trace_t", ""),
      kind: fc.nat(19),
      kindFlag: fc.boolean(),
      vlen: fc.nat(6),
      sizeOrType: fc.nat(20),
      following: fc.array(word, { maxLength: 18 }),
    });
    fc.assert(
      fc.property(fc.array(type, { maxLength: 20 }), (types) => askEverything(makeBtf(types))),
      { numRuns: 5000 },
    );
  });
});

/** Some of what is asked for; the rest is looked for when it is. */
const ANNOUNCED: BtfNames = { names: ["outer", "s", "e"], tracepoints: ["t"] };

/** Anything but an answer or a BtfError is thrown on; a reader that goes round for ever would end in the test's own limit. */
function askEverything(data: Buffer): void {
  const questions: readonly ((read: Btf) => unknown)[] = [
    (read) => read.field("outer", "in.y"),
    (read) => read.field("s", "x"),
    (read) => read.sizeBytes("outer_t"),
    (read) => read.sizeBytes("s"),
    (read) => ["e", "u", "e64"].map((name) => read.enumerators(name)),
    (read) => [read.func("f"), read.tracepoint("event"), read.tracepoint("t")],
  ];
  let read: Btf | undefined;
  for (const ask of questions) {
    try {
      read ??= parseBtf(data, ANNOUNCED);
      ask(read);
    } catch (error) {
      if (!(error instanceof BtfError)) throw error;
    }
  }
}
