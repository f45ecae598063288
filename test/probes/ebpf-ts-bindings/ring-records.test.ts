// The records of a ring, against a ring that is written here as the kernel writes it.

import fc from "fast-check";
import { expect, it } from "vitest";
import { readRecords } from "../../../probes/ebpf-ts-bindings/src/ring-records.ts";

const BUSY = 0x80000000;
const DISCARDED = 0x40000000;
const SIZE = 4096;

interface Written {
  readonly payload: Uint8Array;
  readonly flags: number;
}

/** Writes records from a position on; every byte goes where its position wraps to. */
function ringWith(start: number, records: readonly Written[]) {
  const bytes = new Uint8Array(SIZE);
  const put = (position: number, values: Uint8Array) => {
    for (const [i, value] of values.entries()) bytes[(position + i) % SIZE] = value;
  };
  let producer = start;
  for (const { payload, flags } of records) {
    const head = Buffer.alloc(8);
    head.writeUInt32LE((flags | payload.length) >>> 0);
    put(producer, head);
    put(producer + 8, payload);
    producer += Math.ceil((payload.length + 8) / 8) * 8;
  }
  return { bytes, producer };
}

function readAll(bytes: Uint8Array, span: { consumer: number; producer: number }) {
  const twice = Buffer.concat([bytes, bytes]);
  const found: string[] = [];
  const reached = readRecords(new Uint32Array(bytes.buffer), SIZE, span, (offset, length) =>
    found.push(twice.toString("hex", offset, offset + length)),
  );
  return { found, reached };
}

const record = fc.record({
  payload: fc.uint8Array({ maxLength: 200 }),
  flags: fc.constantFrom(0, 0, 0, DISCARDED),
});

it("gives every record that was not discarded, in order, wherever the ring wraps and after 4 GiB", () => {
  const starts = fc.constantFrom(0, SIZE - 8, SIZE - 64, 2 ** 32 - 8, 2 ** 40 + SIZE - 16);
  fc.assert(
    fc.property(starts, fc.array(record, { maxLength: 18 }), (consumer, records) => {
      const { bytes, producer } = ringWith(consumer, records);
      const kept = records.filter(({ flags }) => flags === 0);
      const { found, reached } = readAll(bytes, { consumer, producer });
      expect(found).toEqual(kept.map(({ payload }) => Buffer.from(payload).toString("hex")));
      expect(reached).toBe(producer);
    }),
  );
});

it("stops at a record that is still being written", () => {
  const done = { payload: Uint8Array.of(1), flags: 0 };
  const { bytes, producer } = ringWith(0, [done, { ...done, flags: BUSY }, done]);
  expect(readAll(bytes, { consumer: 0, producer })).toEqual({ found: ["01"], reached: 16 });
});

it("ends, inside the ring, whatever is in it", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: SIZE, maxLength: SIZE }),
      fc.nat(SIZE / 8),
      (bytes, n) => {
        const producer = n * 8;
        const { reached } = readAll(Uint8Array.from(bytes), { consumer: 0, producer });
        expect(reached).toBeLessThanOrEqual(producer);
      },
    ),
  );
});
