// A stream whose beginning nobody waits for.

import { expect, it } from "vitest";
import { fromThenOn } from "../../../src/commands/lasting.ts";
import { createLatestValueChannel } from "../../../src/latest-value-channel.ts";

function timer() {
  let ring: () => void = () => undefined;
  const later = new Promise<void>((resolve) => {
    ring = resolve;
  });
  return { later, ring: () => ring() };
}

async function all<T>(values: AsyncIterable<T> | null): Promise<readonly T[] | null> {
  if (values === null) return null;
  const got: T[] = [];
  for await (const value of values) got.push(value);
  return got;
}

it("what is over before the time has no stream, whatever it held", async () => {
  const { later } = timer();
  const channel = createLatestValueChannel<number>();
  channel.push(1);
  const rest = fromThenOn(channel.values, later);
  channel.end();
  expect(await rest).toBeNull();
});

it("what lasts begins with the newest value of that time, and loses none after it", async () => {
  const { later, ring } = timer();
  const turn = () => new Promise(setImmediate);
  const channel = createLatestValueChannel<number>();
  const rest = fromThenOn(channel.values, later);
  for (const value of [1, 2]) {
    channel.push(value);
    await turn();
  }
  ring();
  const read = all(await rest);
  channel.push(3);
  await turn();
  channel.end();
  expect(await read).toEqual([2, 3]);
});

it("a stream without a value at that time gives what comes later", async () => {
  const { later, ring } = timer();
  const channel = createLatestValueChannel<number>();
  const rest = fromThenOn(channel.values, later);
  ring();
  const read = all(await rest);
  channel.push(7);
  channel.end();
  expect(await read).toEqual([7]);
});
