// The BTF reader over sections built by hand: what it finds, and that no data whatever confuses it for long.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Btf, readBtf, readKernelBtf } from "../../../probes/ebpf-ts-bindings/src/btf.ts";
import { KIND } from "../../../probes/ebpf-ts-bindings/src/btf-index.ts";
import { BtfError } from "../../../probes/ebpf-ts-bindings/src/errors.ts";
import { createBlob, smallKernel } from "./btf-blob.ts";

const btf = readBtf(smallKernel());

describe("a struct's members", () => {
  it("are found at their byte, with their size", () => {
    expect(btf.member("packet", "head")).toMatchObject({
      offsetBytes: 0,
      sizeBytes: 8,
      bits: null,
    });
    expect(btf.member("packet", "label")).toMatchObject({ offsetBytes: 32, sizeBytes: 16 });
  });

  it("are found inside an anonymous union, through a typedef", () => {
    expect(btf.member("packet", "mark")).toMatchObject({ offsetBytes: 8, sizeBytes: 4 });
    expect(btf.member("packet", "reserved")).toMatchObject({ offsetBytes: 8 });
  });

  it("are bitfields with shift and width, counted from the byte that holds the lowest bit", () => {
    expect(btf.member("packet", "kind")).toMatchObject({
      offsetBytes: 12,
      bits: { shift: 0, width: 3 },
    });
    expect(btf.member("packet", "cloned")).toMatchObject({
      offsetBytes: 13,
      bits: { shift: 3, width: 1 },
    });
  });

  it("are found down a path, but not behind a pointer", () => {
    expect(btf.member("packet", "where.next")).toMatchObject({ offsetBytes: 24 });
    expect(btf.member("packet", "head.next")).toBeNull();
  });

  it("are null when struct or member are not there", () => {
    expect(btf.member("packet", "tail")).toBeNull();
    expect(btf.member("parcel", "head")).toBeNull();
    expect(btf.member("packet", "")).toBeNull();
  });

  it("were bitfields of their integer type before Linux 5.0", () => {
    const blob = createBlob();
    const threeBits = blob.add(KIND.int, { name: "u32", sizeOrType: 4, words: [3 + (5 << 16)] });
    const words = [blob.name("old"), threeBits, 32];
    blob.add(KIND.struct, { name: "s", count: 1, sizeOrType: 8, words });
    expect(readBtf(blob.build()).member("s", "old")).toMatchObject({
      offsetBytes: 4,
      sizeBytes: 4,
      bits: { shift: 5, width: 3 },
    });
  });
});

it("a tracepoint has the parameters of its prototype without the first", () => {
  const tracepoint = btf.tracepoint("drop");
  expect(tracepoint?.parameters.map(({ name }) => name)).toEqual(["skb", "reason"]);
  const [packet, reason] = tracepoint?.parameters ?? [];
  expect(btf.isPointerTo(packet?.typeId ?? 0, "packet")).toBe(true);
  expect(btf.isPointerTo(packet?.typeId ?? 0, "place")).toBe(false);
  expect(btf.isPointerTo(reason?.typeId ?? 0, "packet")).toBe(false);
  expect(btf.tracepointNames()).toEqual(["drop"]);
  expect(btf.tracepoint("packet")).toBeNull();
});

it("a function has an id and all its parameters", () => {
  const id = btf.functionId("receive");
  expect(btf.parameters(id ?? 0)?.map(({ name }) => name)).toEqual(["skb", "length"]);
  expect(btf.functionId("packet")).toBeNull();
  expect(btf.parameters(btf.structId("packet") ?? 0)).toBeNull();
});

it("enums have their values, with a sign or of 64 bits", () => {
  expect(btf.enumValues("reason")).toEqual([
    { name: "NONE", value: 0n },
    { name: "BROKEN", value: -1n },
  ]);
  expect(btf.enumValues("wide")).toEqual([{ name: "BIG", value: 0x2_0000_0001n }]);
  expect(btf.enumValues("packet")).toBeNull();
});

it("a name that begins in the middle of another one is found", () => {
  const blob = createBlob();
  const at = blob.name("outer_inner") + "outer_".length;
  blob.add(KIND.struct, { name: "outer_inner", sizeOrType: 1 });
  blob.add(KIND.struct, { sizeOrType: 2 });
  const bytes = blob.build();
  // The second type's name: header, one type of 12 bytes.
  bytes.writeUInt32LE(at, 24 + 12);
  expect(readBtf(bytes).structId("inner")).toBe(2);
});

describe("data that lies", () => {
  it("a typedef of itself is an error and no endless loop", () => {
    const blob = createBlob();
    blob.add(KIND.typedef, { name: "loop", sizeOrType: 1 });
    expect(() => readBtf(blob.build()).sizeOf(1)).toThrow(/type 1 refers to itself/);
  });

  it("an array of itself is an error and no endless loop", () => {
    const blob = createBlob();
    blob.add(KIND.array, { words: [1, 1, 2] });
    expect(() => readBtf(blob.build()).sizeOf(1)).toThrow(/array type 1 contains itself/);
  });

  it("anonymous structs inside each other end", () => {
    const blob = createBlob();
    const count = 1000;
    const words = Array.from({ length: count }, (_, n) => [0, 1 + (n % 2), 0]).flat();
    blob.add(KIND.struct, { name: "a", count, sizeOrType: 8, words });
    blob.add(KIND.union, { count, sizeOrType: 8, words });
    expect(readBtf(blob.build()).member("a", "x")).toBeNull();
  });

  it("a type that does not exist is an error", () => {
    const blob = createBlob();
    blob.add(KIND.pointer, { sizeOrType: 99 });
    expect(() => readBtf(blob.build()).isPointerTo(1, "packet")).toThrow(/type 99 is referred to/);
  });

  it("a kind that is newer than this reader is named", () => {
    const blob = createBlob();
    blob.add(25);
    expect(() => readBtf(blob.build())).toThrow(/type 1 is of kind 25/);
  });

  it.each([
    ["nothing at all", Buffer.alloc(0), /shorter than a BTF header/],
    ["another format", Buffer.alloc(64), /magic number/],
    ["a big-endian machine's", Buffer.from(smallKernel()).swap16(), /big-endian/],
  ])("%s is refused", (_, bytes, message) => {
    expect(() => readBtf(bytes)).toThrow(BtfError);
    expect(() => readBtf(bytes)).toThrow(message);
  });

  it("every section that is cut short is refused", () => {
    const whole = smallKernel();
    for (let length = 0; length < whole.length; length++) {
      expect(() => readBtf(whole.subarray(0, length))).toThrow(BtfError);
    }
  });

  it("any bytes changed give answers or the one error", () => {
    const whole = smallKernel();
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    const changes = fc.array(change, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of list) bytes.writeUInt8(value, at);
        askEverything(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  it("any bytes behind a header give answers or the one error", () => {
    const header = smallKernel().subarray(0, 24);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (rest) => {
        askEverything(Buffer.concat([header, rest]));
      }),
    );
  });
});

it("a kernel without BTF is told so", () => {
  expect(() => readKernelBtf("/nowhere/btf")).toThrow(
    "BTF needs a kernel with CONFIG_DEBUG_INFO_BTF, which shows /nowhere/btf",
  );
});

/** Every question of the interface, over every type. */
function askEverything(bytes: Buffer): void {
  const opened = attempt(() => readBtf(bytes));
  if (opened === null) return;
  const ids = Array.from({ length: Math.min(opened.typeCount, 200) + 2 }, (_, id) => id);
  const questions: ((known: Btf) => unknown)[] = [
    (known) => known.tracepointNames(),
    (known) => known.tracepoint("drop"),
    (known) => known.enumValues("reason"),
    (known) => known.enumValues("wide"),
    (known) => known.member("packet", "where.next"),
    (known) => known.functionId("receive"),
    ...ids.flatMap((id): ((known: Btf) => unknown)[] => [
      (known) => known.sizeOf(id),
      (known) => known.parameters(id),
      (known) => known.member(id, "cloned"),
      (known) => known.isPointerTo(id, "packet"),
    ]),
  ];
  for (const ask of questions) attempt(() => ask(opened));
}

/** Null for the one error that is allowed; any other fails the test. */
function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch (error) {
    if (error instanceof BtfError) return null;
    throw error;
  }
}
