// The BTF reader over data made by hand, and over the same data cut off and changed.

import { describe, expect, it } from "vitest";
import {
  type Btf,
  BtfError,
  type BtfNames,
  parseBtf,
} from "../../../probes/ebpf-ts-bindings/src/index.ts";
import { makeBtf } from "../../builders/btf.ts";
import { askEverything, KIND, SMALL_KERNEL } from "../../builders/small-kernel.ts";

const NAMES: BtfNames = {
  names: ["outer", "outer_t", "oute", "e", "e64", "f", "nothing", "in"],
  tracepoints: ["event", "nothing"],
};

describe.each<[string, Btf]>([
  ["names that are asked for", parseBtf(makeBtf(SMALL_KERNEL))],
  ["names that were announced", parseBtf(makeBtf(SMALL_KERNEL), NAMES)],
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
  const data = Buffer.concat([Buffer.alloc(1), makeBtf(SMALL_KERNEL)]).subarray(1);
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
    ["an entry that says more than there is", makeBtf([{ kind: KIND.struct, vlen: 9 }])],
  ])("are a BtfError: %s", (_, data) => {
    expect(() => parseBtf(data)).toThrow(BtfError);
  });

  it("do not send the reader in circles", () => {
    const circle = parseBtf(
      makeBtf([
        { name: "t", kind: KIND.typedef, sizeOrType: 1 },
        { name: "s", kind: KIND.struct, vlen: 2, following: ["", 2, 0, "", 2, 0] },
        { name: "btf_trace_t", kind: KIND.typedef, sizeOrType: 1 },
        { name: "a", kind: KIND.typedef, sizeOrType: 5 },
        { kind: KIND.array, following: [5, 1, 2] },
      ]),
    );
    expect(() => circle.sizeBytes("t")).toThrow(BtfError);
    expect(() => circle.sizeBytes("a")).toThrow(BtfError);
    expect(() => circle.field("s", "x")).toThrow(BtfError);
    expect(() => circle.tracepoint("t")).toThrow(BtfError);
  });

  it("end in an answer or a BtfError wherever they are cut off", () => {
    const whole = makeBtf(SMALL_KERNEL);
    for (let length = 0; length < whole.length; length += 1) {
      askEverything(whole.subarray(0, length));
    }
  });
});
