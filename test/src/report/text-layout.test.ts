// Columns and lines in terminal cells, whatever the script of the names in them.

import { describe, expect, it } from "vitest";
import { hanging, padded, wrapped } from "../../../src/report/text-layout.ts";

/** A name, and the cells that it takes (UAX #11; UTS #51 for emoji). */
const NAMES: readonly (readonly [string, string, number])[] = [
  ["Latin", "Ethernet 2", 10],
  ["Japanese", "イーサネット 2", 14],
  ["half-width Japanese", "ｲｰｻﾈｯﾄ", 6],
  ["Chinese", "以太网", 6],
  ["Korean", "이더넷", 6],
  ["Korean in single letters", "이더넷".normalize("NFD"), 6],
  ["an accent of its own", "Bu\u0308ro", 4],
  ["an emoji", "VPN 🚀", 6],
  ["an emoji with a skin tone", "👍🏽", 2],
  ["a flag", "🇩🇪 VPN", 6],
  ["Tangut", "\u{17000}", 2],
  ["what drives a terminal", "\u001b[31mred", 11],
];

describe("a column", () => {
  it.each(NAMES)("is filled up behind %s", (_, name, cells) => {
    const filled = padded(name, 20);
    expect(filled).toMatch(/[^ ] +$/);
    expect(/ *$/.exec(filled)?.[0]).toHaveLength(20 - cells);
  });

  it("is never cut", () => {
    expect(padded("以太网", 5)).toBe("以太网");
  });
});

describe("a paragraph", () => {
  it.each(NAMES)("hangs under the end of %s", (_, name, cells) => {
    const [, second] = hanging(name, "word ".repeat(20));
    expect(/^ */.exec(second ?? "")?.[0]).toHaveLength(cells);
  });

  it("breaks where the next word would pass the width", () => {
    expect(wrapped("以太网 以太网 以太网", 13)).toEqual(["以太网 以太网", "以太网"]);
    expect(wrapped("🇩🇪🇩🇪 🇫🇷🇫🇷", 9)).toEqual(["🇩🇪🇩🇪 🇫🇷🇫🇷"]);
  });

  it("leaves a word whole that is longer than a line", () => {
    expect(wrapped("a 2001:db8:80:0:0:0:0:80 b", 9)).toEqual(["a", "2001:db8:80:0:0:0:0:80", "b"]);
  });

  it("has one line when it is empty", () => {
    expect(wrapped("", 9)).toEqual([""]);
  });
});
