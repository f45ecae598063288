// Records wait for their reader, up to a limit, and nobody waits for ever.

import { expect, it } from "vitest";
import { type Batch, createRecordQueue } from "../../../probes/kernel/record-queue.ts";

const record = (text: string) => Buffer.from(text);
const texts = (batches: readonly Batch[]) =>
  batches.flatMap(({ bytes, offsets }) =>
    offsets.map((offset) => String.fromCharCode(bytes.getUint8(offset))),
  );

it("keeps records, in order, until they are taken", async () => {
  const queue = createRecordQueue();
  queue.add(record("a"));
  queue.add(record("b"));
  expect(texts(await queue.takeAll())).toEqual(["a", "b"]);
});

it("wakes its reader for a record and for the end, which comes after what is left", async () => {
  const queue = createRecordQueue();
  const first = queue.takeAll();
  queue.add(record("a"));
  expect(texts(await first)).toEqual(["a"]);
  queue.add(record("b"));
  queue.end();
  expect(texts(await queue.takeAll())).toEqual(["b"]);
  expect(await queue.takeAll()).toEqual([]);
  const other = createRecordQueue();
  const waiting = other.takeAll();
  other.end();
  expect(await waiting).toEqual([]);
});

it("counts what it has no room for", async () => {
  const queue = createRecordQueue(1);
  queue.add(record("a"));
  queue.add(record("b"));
  expect(queue.refused).toBe(1);
  expect(texts(await queue.takeAll())).toEqual(["a"]);
});
