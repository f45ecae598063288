// The walk over a ring buffer's records, in memory laid out as the kernel lays it out.

import fc from "fast-check";
import { expect, it } from "vitest";
import { type RingData, walkRecords } from "../../../probes/ebpf-ts-bindings/src/ring-records.ts";

const BUSY = 2 ** 31;
const DISCARDED = 2 ** 30;
const SIZE = 64;

/** A ring whose second half repeats the first, as the mapping does. */
function createRing(): RingData & { write(position: number, flags: number, body: Buffer): number } {
  const bytes = Buffer.alloc(2 * SIZE);
  const put = (position: number, value: number) => {
    bytes.writeUInt8(value, position % SIZE);
    bytes.writeUInt8(value, (position % SIZE) + SIZE);
  };
  return {
    sizeBytes: SIZE,
    bytes,
    words: new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
    write: (position, flags, body) => {
      const header = Buffer.alloc(8);
      header.writeUInt32LE(flags + body.length, 0);
      const record = Buffer.concat([header, body]);
      for (const [n, value] of record.entries()) put(position + n, value);
      return position + Math.ceil(record.length / 8) * 8;
    },
  };
}

const walk = (ring: RingData, consumer: number, producer: number, max = 100) =>
  walkRecords(ring, { consumer, producer, max });

it("records come in order and whole, whatever their length", () => {
  const ring = createRing();
  let end = 0;
  for (const text of ["a", "twelve bytes", ""]) end = ring.write(end, 0, Buffer.from(text));
  const { records, position } = walk(ring, 0, end);
  expect(records.map(String)).toEqual(["a", "twelve bytes", ""]);
  expect(position).toBe(end);
});

it("a record over the end of the ring has no seam", () => {
  const ring = createRing();
  const start = 3 * SIZE - 16;
  const end = ring.write(start, 0, Buffer.from("over the end of it"));
  expect(walk(ring, start, end).records.map(String)).toEqual(["over the end of it"]);
});

it("a record that is still being written holds up those behind it", () => {
  const ring = createRing();
  const first = ring.write(0, 0, Buffer.from("done"));
  const second = ring.write(first, BUSY, Buffer.from("busy"));
  const end = ring.write(second, 0, Buffer.from("late"));
  expect(walk(ring, 0, end)).toEqual({ records: [Buffer.from("done")], position: first });
});

it("a discarded record is passed over", () => {
  const ring = createRing();
  const first = ring.write(0, DISCARDED, Buffer.from("never"));
  const end = ring.write(first, 0, Buffer.from("ever"));
  expect(walk(ring, 0, end)).toEqual({ records: [Buffer.from("ever")], position: end });
});

it("a batch ends at its maximum, and the next one goes on there", () => {
  const ring = createRing();
  const first = ring.write(0, 0, Buffer.from("1"));
  const end = ring.write(first, 0, Buffer.from("2"));
  expect(walk(ring, 0, end, 1)).toEqual({ records: [Buffer.from("1")], position: first });
  expect(walk(ring, first, end, 1)).toEqual({ records: [Buffer.from("2")], position: end });
});

it("records are copies: what the kernel writes next does not change them", () => {
  const ring = createRing();
  const end = ring.write(0, 0, Buffer.from("kept"));
  const { records } = walk(ring, 0, end);
  ring.bytes.fill(0);
  expect(records.map(String)).toEqual(["kept"]);
});

it("no memory whatever leads the walk outside of the ring or round it for ever", () => {
  const words = fc.array(fc.nat(2 ** 32 - 1), { minLength: SIZE / 2, maxLength: SIZE / 2 });
  fc.assert(
    fc.property(words, fc.nat(SIZE / 8), (values, start) => {
      const ring = createRing();
      ring.words.set(values);
      const consumer = start * 8;
      const { records, position } = walk(ring, consumer, consumer + SIZE);
      expect(position).toBeGreaterThanOrEqual(consumer);
      for (const record of records) expect(record.length).toBeLessThanOrEqual(SIZE);
    }),
  );
});
