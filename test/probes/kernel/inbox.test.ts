// Records wait for their reader, up to a limit, and nobody waits for ever.

import { expect, it } from "vitest";
import { type Batch, createInbox } from "../../../probes/kernel/inbox.ts";

const record = (text: string) => Buffer.from(text);
const texts = (batches: readonly Batch[]) =>
  batches.flatMap(({ bytes, offsets }) =>
    offsets.map((offset) => String.fromCharCode(bytes.getUint8(offset))),
  );

it("keeps records, in order, until they are taken", async () => {
  const inbox = createInbox();
  inbox.add(record("a"));
  inbox.add(record("b"));
  expect(texts(await inbox.takeAll())).toEqual(["a", "b"]);
});

it("wakes its reader for a record and for the end, which comes after what is left", async () => {
  const inbox = createInbox();
  const first = inbox.takeAll();
  inbox.add(record("a"));
  expect(texts(await first)).toEqual(["a"]);
  inbox.add(record("b"));
  inbox.end();
  expect(texts(await inbox.takeAll())).toEqual(["b"]);
  expect(await inbox.takeAll()).toEqual([]);
  const other = createInbox();
  const waiting = other.takeAll();
  other.end();
  expect(await waiting).toEqual([]);
});

it("counts what it has no room for", async () => {
  const inbox = createInbox(1);
  inbox.add(record("a"));
  inbox.add(record("b"));
  expect(inbox.refused).toBe(1);
  expect(texts(await inbox.takeAll())).toEqual(["a"]);
});
