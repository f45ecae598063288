// The README: short enough, and its generated block is what the program says today.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { replaceBlock, shortened } from "../../scripts/generated-block.mjs";

const README = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const MOST_LINES = 200;

it("has at most 200 lines", () => {
  expect(README.split("\n").length).toBeLessThanOrEqual(MOST_LINES);
});

it("shows a run with the verdict that npm start ends with", () => {
  expect(README).toMatch(/\nverdict: fault\. .*\nwsl2-vpn: the expected verdict came\n```/s);
});

describe("a generated block", () => {
  it("is replaced between its markers, again and again", () => {
    const text = "a\n<!-- x: begin -->\nold\n<!-- x: end -->\nb\n";
    const once = replaceBlock(text, "x", "new $& text");
    expect(once).toBe("a\n<!-- x: begin -->\nnew $& text\n<!-- x: end -->\nb\n");
    expect(replaceBlock(once, "x", "new $& text")).toBe(once);
  });

  it("that is not there is an error, not a file without it", () => {
    expect(() => replaceBlock("a\n<!-- x: begin -->\n", "x", "")).toThrow("there is no");
  });
});

it("a shortened report says which sections it leaves out, and how long they are", () => {
  const report =
    "head\n\nStages\n\n  ok\n\nNot checked\n\n  ? one\n\nFindings\n\n1. a\n   b\n\nDo this first\n\n  c\n\nend";
  expect(shortened(report)).toBe(
    "head\n\nStages\n\n  ok\n\n[Not checked: 1 line]\n\n[Findings: 2 lines]\n\nDo this first\n\n  c\n\nend",
  );
});
