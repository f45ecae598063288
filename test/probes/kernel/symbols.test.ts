// From an address in the kernel to the function around it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { baseName, parseSymbols, whyNoSymbols } from "../../../probes/kernel/symbols.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wsl-trace-symbols-"));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = Buffer.from(
  [
    "0000000000000000 A fixed_percpu_data",
    "ffffffff81000000 T _stext",
    "ffffffff81002000 t ip_forward",
    "ffffffff81001000 T icmp_rcv",
    "ffffffff81001800 d some_data",
    "ffffffffc0001000 t nft_do_chain.cold\t[nf_tables]",
    "",
  ].join("\n"),
);
const find = parseSymbols(TEXT);

it.each([
  [0xffff81000000, { symbol: "_stext", offset: 0 }],
  [0xffff81001fff, { symbol: "icmp_rcv", offset: 0xfff }],
  [0xffff81002010, { symbol: "ip_forward", offset: 0x10 }],
  [0xffffc0001040, { symbol: "nft_do_chain.cold", offset: 0x40 }],
  [0xffff80ffffff, undefined],
  [0, undefined],
])("%x", (address, expected) => {
  expect(find(address)).toEqual(expected);
});

describe("without CAP_SYSLOG", () => {
  it("all addresses are zero, and nothing is found", () => {
    const hidden = parseSymbols(
      Buffer.from("0000000000000000 T _stext\n0000000000000000 t other\n"),
    );
    expect(hidden(0xffff81001000)).toBeUndefined();
  });

  it.each([
    [TEXT, null],
    ["0000000000000000 A fixed_percpu_data\n0000000000000000 T _stext\n", /shows no addresses/],
    ["", /shows no addresses/],
  ])("is told by the first lines", async (text, expected) => {
    const file = path.join(folder, "kallsyms");
    writeFileSync(file, text);
    const why = await whyNoSymbols(file);
    if (expected === null) expect(why).toBeNull();
    else expect(why).toMatch(expected);
    expect(await whyNoSymbols(path.join(folder, "nothing"))).toMatch(/cannot be read/);
  });

  it("nothing to read is nothing found, and so are lines that are cut off", () => {
    expect(parseSymbols(Buffer.alloc(0))(1)).toBeUndefined();
    expect(parseSymbols(Buffer.from("ffffffff8100"))(0xffff81001000)).toBeUndefined();
  });
});

it("parts and copies of a function have its name", () => {
  expect(["a", "a.cold", "a.isra.0", "a.part.0.cold"].map(baseName)).toEqual(["a", "a", "a", "a"]);
});
