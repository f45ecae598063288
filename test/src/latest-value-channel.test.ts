import { describe, expect, it } from "vitest";
import { createLatestValueChannel } from "../../src/latest-value-channel.ts";

describe("a feed", () => {
  it("hands a slow reader the newest value and ends", async () => {
    const channel = createLatestValueChannel<number>();
    channel.push(1);
    channel.push(2);
    channel.end();
    const seen: number[] = [];
    for await (const value of channel.values) seen.push(value);
    expect(seen).toEqual([2]);
  });

  it("hands a waiting reader each value as it comes", async () => {
    const channel = createLatestValueChannel<string>();
    const values = channel.values[Symbol.asyncIterator]();
    const first = values.next();
    channel.push("a");
    expect(await first).toEqual({ value: "a", done: false });
    const second = values.next();
    channel.push("b");
    expect(await second).toEqual({ value: "b", done: false });
  });

  it("gives the reader the error that ended it", async () => {
    const channel = createLatestValueChannel<number>();
    channel.end(new Error("broken"));
    await expect(channel.values[Symbol.asyncIterator]().next()).rejects.toThrow("broken");
  });

  it("does not mind a reader who left", () => {
    const channel = createLatestValueChannel<number>();
    channel.push(1);
    channel.end();
    expect(() => channel.push(2)).not.toThrow();
  });
});
