// What is said beside a screen is said when it is gone.

import { expect, it } from "vitest";
import { createNotices } from "../../../src/wiring/notices.ts";

it("keeps lines while a screen is open on the same terminal, and then writes them in order", () => {
  const written: string[] = [];
  const notices = createNotices((text) => written.push(text), true);
  notices.notify("before");
  notices.hold();
  notices.notify("one");
  notices.notify("two");
  expect(written).toEqual(["before\n"]);
  notices.release();
  notices.notify("after");
  expect(written).toEqual(["before\n", "one\n", "two\n", "after\n"]);
});

it("writes at once where standard error goes to a file", () => {
  const written: string[] = [];
  const notices = createNotices((text) => written.push(text), false);
  notices.hold();
  notices.notify("one");
  expect(written).toEqual(["one\n"]);
});

it("keeps the newest of very many", () => {
  const written: string[] = [];
  const notices = createNotices((text) => written.push(text), true);
  notices.hold();
  for (let n = 0; n < 1000; n += 1) notices.notify(`${n}`);
  notices.release();
  expect(written.at(-1)).toBe("999\n");
  expect(written.length).toBeLessThan(100);
});
