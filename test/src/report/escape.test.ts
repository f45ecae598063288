// What a name from the network can do to a terminal: nothing.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../../src/report/escape.ts";

const anyText = fc.string({ unit: "binary", maxLength: 200 });
const loneSurrogate = fc
  .integer({ min: 0xd800, max: 0xdfff })
  .map((code) => `a${String.fromCharCode(code)}b`);

describe("printable text", () => {
  it.each([
    ["an escape sequence", "\u001b[31mred", "\\x1b[31mred"],
    ["a newline", "one\r\ntwo", "one\\x0d\\x0atwo"],
    ["DEL and C1", "\u007f\u009b2J", "\\x7f\\x9b2J"],
    ["a bidi override", "\u202etxt.exe", "\\u{202e}txt.exe"],
    ["zero width", "pay\u200bpal\ufeff", "pay\\u{200b}pal\\u{feff}"],
    ["line separators", "a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
    ["a lone surrogate", "a\ud800b", "a\\u{d800}b"],
    ["a tag character", "a\u{e0041}", "a\\u{e0041}"],
  ])("writes out %s", (_, text, written) => {
    expect(printable(text)).toBe(written);
  });

  it.each(["vEthernet (WSL)", "イーサネット 2", "Büro-VPN", "C:\\Users", "🚀"])(
    "leaves %s as it is",
    (name) => {
      expect(printable(name)).toBe(name);
    },
  );

  it("never holds a control, format or separator character or half a pair", () => {
    fc.assert(
      fc.property(fc.oneof(anyText, loneSurrogate), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });

  it("is the same when made printable twice", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });
});
