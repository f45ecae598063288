// The pass for a few addresses, against every symbol parsed and sorted.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { KALLSYMS, type KernelSymbol, lookUpSymbols } from "../../../probes/kernel/kallsyms.ts";
import { whyNoSymbols } from "../../../probes/kernel/symbols.ts";

const folder = mkdtempSync(path.join(tmpdir(), "wsl-trace-kallsyms-"));
afterAll(() => rmSync(folder, { recursive: true }));

function lookUpIn(text: string, addresses: readonly number[]) {
  const file = path.join(folder, "kallsyms");
  writeFileSync(file, text);
  return lookUpSymbols(addresses, file);
}

const TEXT = [
  "0000000000000000 A fixed_percpu_data",
  "ffffffff81000000 T _stext",
  "ffffffff81002000 t ip_forward",
  "ffffffff81001000 T icmp_rcv",
  "ffffffff81001800 d some_data",
  "ffffffffc0001000 t nft_do_chain.cold\t[nf_tables]",
  "",
].join("\n");

const EXPECTED: readonly (readonly [number, KernelSymbol | undefined])[] = [
  [0xffff81000000, { symbol: "_stext", offset: 0 }],
  [0xffff81001fff, { symbol: "icmp_rcv", offset: 0xfff }],
  [0xffff81002010, { symbol: "ip_forward", offset: 0x10 }],
  [0xffffc0001040, { symbol: "nft_do_chain.cold", offset: 0x40 }],
  [0xffff80ffffff, undefined],
  [0, undefined],
];

it.each(EXPECTED)("%x alone", async (address, expected) => {
  expect((await lookUpIn(TEXT, [address])).get(address)).toEqual(expected);
});

it("all of them at once, in any order and more than once", async () => {
  const addresses = EXPECTED.map(([address]) => address);
  const found = await lookUpIn(TEXT, [...addresses, ...addresses.toReversed()]);
  expect(addresses.map((address) => [address, found.get(address)])).toEqual(EXPECTED);
});

it.each([
  ["no addresses, as without CAP_SYSLOG", "0000000000000000 T _stext\n0000000000000000 t other\n"],
  ["nothing", ""],
  ["a line that is cut off", "ffffffff8100"],
  ["a line without end", "f".repeat(100_000)],
])("a file that shows %s knows no function", async (_, text) => {
  expect(await lookUpIn(text, [0xffff81001000])).toEqual(new Map());
});

it("the last line needs no end, and a file that is not there knows no function", async () => {
  const found = await lookUpIn(TEXT.trimEnd(), [0xffffc0001040]);
  expect(found.get(0xffffc0001040)?.symbol).toBe("nft_do_chain.cold");
  expect(await lookUpSymbols([1], path.join(folder, "nothing"))).toEqual(new Map());
});

describe("against every symbol sorted", () => {
  const line = fc.record({
    address: fc.oneof(fc.nat(200), fc.nat(2 ** 31)),
    type: fc.constantFrom("t", "T", "d", "A"),
    name: fc.stringMatching(/^[a-z_.]{1,40}$/),
    module: fc.boolean(),
  });

  it("any lines, in any order, are searched alike", async () => {
    const lines = fc.array(line, { minLength: 1, maxLength: 1500, size: "max" });
    const wanted = fc.array(fc.oneof(fc.nat(210), fc.nat(2 ** 31)), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(lines, wanted, async (rows, addresses) => {
        const text = rows
          .map(({ address, type, name, module }) => {
            const digits = address.toString(16).padStart(12, "0");
            return `ffff${digits} ${type} ${name}${module ? "\t[some]" : ""}\n`;
          })
          .join("");
        expect(await lookUpIn(text, addresses)).toEqual(sortedLookUp(text, addresses));
      }),
      { numRuns: 60 },
    );
  });

  it("the running kernel's functions are the same", async ({ skip }) => {
    skip(!existsSync(KALLSYMS) || (await whyNoSymbols()) !== null, "it shows no addresses");
    const text = readFileSync(KALLSYMS, "latin1");
    const starts = symbolsOf(text);
    const addresses = starts
      .filter((_, i) => i % 997 === 0)
      .flatMap(({ address }) => [address - 1, address, address + 1]);
    expect(await lookUpSymbols(addresses)).toEqual(sortedLookUp(text, addresses));
  });
});

interface Start {
  readonly address: number;
  readonly symbol: string;
}

/** In the order of their addresses, those at the same one in the file's. */
function symbolsOf(text: string): Start[] {
  return [...text.matchAll(/^.{4}(.{12}) [tT] ([^\t\n]+)/gm)]
    .map(([, address = "", symbol = ""]) => ({ address: Number.parseInt(address, 16), symbol }))
    .filter(({ address }) => address !== 0)
    .sort((a, b) => a.address - b.address);
}

function sortedLookUp(text: string, addresses: readonly number[]): Map<number, KernelSymbol> {
  const starts = symbolsOf(text);
  const found = new Map<number, KernelSymbol>();
  for (const address of addresses) {
    const start = starts.findLast((candidate) => candidate.address <= address);
    if (start === undefined) continue;
    found.set(address, { symbol: start.symbol, offset: address - start.address });
  }
  return found;
}
