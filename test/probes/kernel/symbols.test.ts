// Functions by address: read when they are needed, and never twice for the same ones.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { baseName, createSymbolSource, whyNoSymbols } from "../../../probes/kernel/symbols.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wsl-trace-symbols-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "kallsyms");

const TEXT = "ffffffff81000000 T _stext\nffffffff81001000 T icmp_rcv\n";

it.each([
  [TEXT, null],
  ["0000000000000000 A fixed_percpu_data\n0000000000000000 T _stext\n", /shows no addresses/],
  ["", /shows no addresses/],
])("the first lines show whether addresses are shown", async (text, expected) => {
  writeFileSync(file, text);
  const why = await whyNoSymbols(file);
  if (expected === null) expect(why).toBeNull();
  else expect(why).toMatch(expected);
  expect(await whyNoSymbols(path.join(folder, "nothing"))).toMatch(/cannot be read/);
});

it("the file is read for what was not looked up before, and not otherwise", async () => {
  const source = createSymbolSource(file);
  writeFileSync(file, TEXT);
  expect(source.find(0xffff81001004)).toBeUndefined();
  await source.lookUp([0xffff81001004, 1]);
  expect(source.find(0xffff81001004)).toEqual({ symbol: "icmp_rcv", offset: 4 });
  writeFileSync(file, "ffffffff81000000 T another\n");
  await source.lookUp([0xffff81001004, 1]);
  expect(source.find(0xffff81001004)?.symbol).toBe("icmp_rcv");
  await source.lookUp([0xffff81001008]);
  expect(source.find(0xffff81001008)?.symbol).toBe("another");
});

it("what was looked up where no addresses were shown stays unknown", async () => {
  const source = createSymbolSource(file);
  writeFileSync(file, "0000000000000000 T _stext\n");
  await source.lookUp([0xffff81001004]);
  expect(source.find(0xffff81001004)).toBeUndefined();
});

it("parts and copies of a function have its name", () => {
  expect(["a", "a.cold", "a.isra.0", "a.part.0.cold"].map(baseName)).toEqual(["a", "a", "a", "a"]);
});
