// A reader that is slow is waited for, and no longer than anybody wants it.

import { Writable } from "node:stream";
import { expect, it } from "vitest";
import { whenDrained } from "../../src/output-end.ts";

function slow() {
  const taken: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 1,
    write: (_chunk, _encoding, done) => {
      taken.push(done);
    },
  });
  return { stream, read: () => taken.shift()?.() };
}

it("waits until what was written has been taken", async () => {
  const { stream, read } = slow();
  const never = new AbortController().signal;
  await whenDrained(stream, never);
  stream.write("text");
  let over = false;
  const waiting = whenDrained(stream, never).then(() => {
    over = true;
  });
  await Promise.resolve();
  expect(over).toBe(false);
  read();
  await waiting;
  expect(over).toBe(true);
});

it("does not wait for a reader that never reads once the run is over", async () => {
  const { stream } = slow();
  const end = new AbortController();
  stream.write("text");
  const waiting = whenDrained(stream, end.signal);
  end.abort();
  await waiting;
  await whenDrained(stream, end.signal);
});
