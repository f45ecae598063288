import { describe, expect, it } from "vitest";
import { createFeed } from "../../src/feed.ts";

describe("a feed", () => {
  it("hands a slow reader the newest value and ends", async () => {
    const feed = createFeed<number>();
    feed.push(1);
    feed.push(2);
    feed.end();
    const seen: number[] = [];
    for await (const value of feed.values) seen.push(value);
    expect(seen).toEqual([2]);
  });

  it("hands a waiting reader each value as it comes", async () => {
    const feed = createFeed<string>();
    const values = feed.values[Symbol.asyncIterator]();
    const first = values.next();
    feed.push("a");
    expect(await first).toEqual({ value: "a", done: false });
    const second = values.next();
    feed.push("b");
    expect(await second).toEqual({ value: "b", done: false });
  });

  it("gives the reader the error that ended it", async () => {
    const feed = createFeed<number>();
    feed.end(new Error("broken"));
    await expect(feed.values[Symbol.asyncIterator]().next()).rejects.toThrow("broken");
  });

  it("does not mind a reader who left", () => {
    const feed = createFeed<number>();
    feed.push(1);
    feed.end();
    expect(() => feed.push(2)).not.toThrow();
  });
});
