// Rules as nf_tables dumps them, byte for byte, and what of the mark they look at.

import { expect, it } from "vitest";
import { readNftRule } from "../../../probes/native/nft-mark-rules.ts";

const attribute = (type: number, value: Buffer) => {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(4 + value.length, 0);
  head.writeUInt16LE(type, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
};
const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const mark = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return attribute(1, bytes);
};
const name = (text: string) => Buffer.from(`${text}\0`);
const expression = (called: string, ...parts: readonly Buffer[]) =>
  attribute(1, Buffer.concat([attribute(1, name(called)), attribute(2, Buffer.concat(parts))]));
const META_MARK = expression("meta", attribute(1, number(1)), attribute(2, number(3)));
const DROP = expression("immediate", attribute(1, number(0)), attribute(2, Buffer.alloc(4)));
const rule = (...expressions: readonly Buffer[]) =>
  Buffer.concat([
    Buffer.from([2, 0, 0, 0]),
    attribute(1, name("t")),
    attribute(2, name("c")),
    attribute(3, Buffer.from([0, 0, 0, 0, 0, 0, 0, 9])),
    attribute(4, Buffer.concat(expressions)),
  ]);
const WHERE = { family: "ip", table: "t", chain: "c", handle: 9 };

it("iptables' own match of a mark is read, with what it is the opposite of", () => {
  const info = Buffer.alloc(12);
  info.writeUInt32LE(0x40, 0);
  info.writeUInt32LE(0xff, 4);
  info[8] = 1;
  const match = expression("match", attribute(1, name("mark")), attribute(3, info));
  expect(readNftRule(rule(match, DROP))).toEqual([
    { ...WHERE, mark: 0x40, mask: 0xff, inverted: true },
  ]);
});

it("a register that was masked and turned over is followed to its comparison", () => {
  const bitwise = expression(
    "bitwise",
    attribute(1, number(1)),
    attribute(2, number(2)),
    attribute(4, mark(0xf0)),
    attribute(5, mark(0x10)),
  );
  const compare = expression("cmp", attribute(1, number(2)), attribute(2, number(0)));
  const equal = expression(
    "cmp",
    attribute(1, number(2)),
    attribute(2, number(0)),
    attribute(3, mark(0x30)),
  );
  expect(readNftRule(rule(META_MARK, bitwise, equal, DROP))).toEqual([
    { ...WHERE, mark: 0x20, mask: 0xf0, inverted: false },
  ]);
  expect(readNftRule(rule(META_MARK, bitwise, compare, DROP))).toEqual([
    { ...WHERE, mark: null, mask: null, inverted: false },
  ]);
});

it("what only counts, and what is cut off, is no rule about marks", () => {
  const equal = expression(
    "cmp",
    attribute(1, number(1)),
    attribute(2, number(0)),
    attribute(3, mark(1)),
  );
  const whole = rule(META_MARK, equal, DROP);
  expect(readNftRule(rule(META_MARK, equal, expression("counter")))).toEqual([]);
  for (let size = 0; size < whole.length; size += 1) {
    expect(readNftRule(whole.subarray(0, size)).length).toBeLessThanOrEqual(1);
  }
});
