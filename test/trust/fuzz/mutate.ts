// Changes an input as fuzzers do: bits, lengths, pieces twice, pieces of another one, words that matter.

import { jsonMutation } from "./mutate-json.ts";
import type { Random } from "./random.ts";

/** What an input may grow to: a datagram's most and some more. */
const MOST_BYTES = 70_000;
const MOST_CHANGES = 6;

/** @param others inputs whose pieces may be put in */
export function mutate(
  kind: "bytes" | "text" | "json",
  input: Buffer,
  others: readonly [Buffer, ...Buffer[]],
  random: Random,
): Buffer {
  // One in eight is broken below its syntax as well.
  if (kind === "json" && random.below(8) > 0) return jsonMutation(input, random);
  const changes = kind === "text" ? TEXT_CHANGES : BYTE_CHANGES;
  let changed: Buffer = Buffer.from(input);
  for (let n = 1 + random.below(MOST_CHANGES); n > 0; n -= 1) {
    changed = random.pick(changes)(changed, random, others);
  }
  return changed.subarray(0, MOST_BYTES);
}

type Change = (input: Buffer, random: Random, others: readonly [Buffer, ...Buffer[]]) => Buffer;

const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0f, 0x10, 0x3f, 0x40, 0x45, 0x60, 0x7f] as const;
const HIGH_EDGES = [0x80, 0xc0, 0xfe, 0xff] as const;

const onByte =
  (value: (old: number, random: Random) => number): Change =>
  (input, random) => {
    if (input.length === 0) return Buffer.from([random.below(256)]);
    const at = random.below(input.length);
    input.writeUInt8(value(input[at] ?? 0, random) & 0xff, at);
    return input;
  };

const spanOf = (input: Buffer, random: Random) => {
  const from = random.below(input.length + 1);
  // Most pieces are short, some are all that is left.
  const most = random.below(4) === 0 ? input.length - from : Math.min(16, input.length - from);
  return { from, to: from + random.below(most + 1) };
};

const replaced = (input: Buffer, from: number, to: number, ...parts: readonly Uint8Array[]) =>
  Buffer.concat([input.subarray(0, from), ...parts, input.subarray(to)]);

const cut: Change = (input, random) => {
  const { from, to } = spanOf(input, random);
  return replaced(input, from, to);
};
const cutOff: Change = (input, random) => input.subarray(0, random.below(input.length + 1));
const repeat: Change = (input, random) => {
  const { from, to } = spanOf(input, random);
  const piece = input.subarray(from, to);
  const times = random.below(8) === 0 ? 200 : 1;
  return replaced(input, from, from, ...Array.from({ length: times }, () => piece));
};
const splice: Change = (input, random, others) => {
  const other = random.pick(others);
  const { from, to } = spanOf(other, random);
  const at = random.below(input.length + 1);
  return replaced(input, at, random.below(2) === 0 ? at : at + to - from, other.subarray(from, to));
};
const junk: Change = (input, random) => {
  const at = random.below(input.length + 1);
  const bytes = Array.from({ length: 1 + random.below(12) }, () => random.below(256));
  return replaced(input, at, at, Buffer.from(bytes));
};
const number16: Change = (input, random) => {
  if (input.length < 2) return input;
  const value = random.pick([0, 1, 2, 12, 19, 20, 0x7fff, 0x8000, 0xc00c, 0xfffe, 0xffff] as const);
  input.writeUInt16BE(
    random.below(2) === 0 ? value : random.below(0x10000),
    random.below(input.length - 1),
  );
  return input;
};

const BYTE_CHANGES: readonly [Change, ...Change[]] = [
  onByte((old, random) => old ^ (1 << random.below(8))),
  onByte((_, random) => random.below(256)),
  onByte((_, random) => random.pick(EDGES)),
  onByte((_, random) => random.pick(HIGH_EDGES)),
  onByte((old, random) => old + random.below(9) - 4),
  number16,
  cut,
  cutOff,
  repeat,
  splice,
  junk,
];

/** What parsers of text trip over. */
const WORDS = [
  "", " ", "\t", "\n", "\r\n", "\0", "-1", "0", "1e309", "99999999999999999999", "0x7f", "NaN", "\u{1F4A9}",
  "\u202e", "\ud800", "\x1b[2J", "::", "::ffff:192.0.2.1", "fe80::1%eth0", "192.0.2.1/33", "default", "/", "%", ".",
  "..", "\\", '"', "'", "{", "}", "[", "]", "<", ",", "=", ":", "#", "__proto__", "constructor", "ﾠ", "İ",
] as const; // biome-ignore format: one to a line would be a page

const word: Change = (input, random) => {
  const at = random.below(input.length + 1);
  const to = random.below(2) === 0 ? at : Math.min(input.length, at + random.below(6));
  return replaced(input, at, to, Buffer.from(random.pick(WORDS)));
};
/** A line twice, or in another place. */
const line: Change = (input, random) => {
  const lines = input.toString("latin1").split("\n");
  const moved = lines[random.below(lines.length)] ?? "";
  lines.splice(random.below(lines.length + 1), random.below(2), moved);
  return Buffer.from(lines.join("\n"), "latin1");
};

const TEXT_CHANGES: readonly [Change, ...Change[]] = [
  ...(BYTE_CHANGES.slice(0, 2) as [Change, Change]),
  word,
  word,
  word,
  line,
  line,
  cut,
  cutOff,
  repeat,
  splice,
  junk,
];
