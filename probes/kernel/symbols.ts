// Names of kernel functions by address, from /proc/kallsyms.

import { open, readFile } from "node:fs/promises";

export interface KernelSymbol {
  readonly symbol: string;
  /** From the function's start to the address, in bytes. */
  readonly offset: number;
}

/** @param address its lower 48 bits: kernel addresses do not differ in the others */
export type FindSymbol = (address: number) => KernelSymbol | undefined;

const KALLSYMS = "/proc/kallsyms";

/** Without CAP_SYSLOG the kernel shows no addresses (kptr_restrict in sysctl/kernel.rst): then nothing is ever found. */
async function loadSymbols(path: string = KALLSYMS): Promise<FindSymbol> {
  return parseSymbols(await readFile(path).catch(() => Buffer.alloc(0)));
}

const FIRST_BYTES = 4096;
const SHOWN = /^(?!0{16})[0-9a-f]{16} /m;

/** Null where functions have names; else what is missing. The first lines tell: all zeros, or not. */
export async function whyNoSymbols(path: string = KALLSYMS): Promise<string | null> {
  const file = await open(path).catch(() => null);
  const read = await file?.read(Buffer.alloc(FIRST_BYTES)).finally(() => file.close());
  if (read === undefined) return `${path} cannot be read`;
  if (SHOWN.test(read.buffer.toString("latin1", 0, read.bytesRead))) return null;
  return `${path} shows no addresses without CAP_SYSLOG`;
}

export interface SymbolSource {
  /** Nothing is found before `ready`. */
  readonly find: FindSymbol;
  ready(): Promise<void>;
}

/** Reads the symbols when they are first needed: most runs see no drop, and reading them takes a tenth of a second. */
export function createSymbolSource(): SymbolSource {
  let loading: Promise<void> | undefined;
  let found: FindSymbol | undefined;
  const load = async () => {
    found = await loadSymbols();
  };
  return {
    find: (address) => found?.(address),
    ready: () => {
      loading ??= load();
      return loading;
    },
  };
}

/** @param text lines of "address type name", as in /proc/kallsyms; 100 000 of them, so it is read as bytes */
export function parseSymbols(text: Buffer): FindSymbol {
  const lines: { readonly address: number; readonly at: number }[] = [];
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    const type = text[at + ADDRESS_DIGITS + 1];
    if (type !== TEXT && type !== LOCAL_TEXT) continue;
    const address = addressOf(text, at);
    // Zero stands for every address that is not shown.
    if (address !== 0) lines.push({ address, at });
  }
  lines.sort((a, b) => a.address - b.address);
  const addresses = Float64Array.from(lines, ({ address }) => address);
  return (address) => {
    const line = lines[lastNotAbove(addresses, address)];
    return line && { symbol: nameAt(text, line.at), offset: address - line.address };
  };
}

const ADDRESS_DIGITS = 16;
const TEXT = "T".charCodeAt(0);
const LOCAL_TEXT = "t".charCodeAt(0);
const NEWLINE = 10;
/** 48 bits. */
const KEPT_DIGITS = 12;

function nextLine(text: Buffer, at: number): number {
  const end = text.indexOf(NEWLINE, at);
  return end < 0 ? text.length : end + 1;
}

function addressOf(text: Buffer, at: number): number {
  let address = 0;
  for (let i = ADDRESS_DIGITS - KEPT_DIGITS; i < ADDRESS_DIGITS; i += 1) {
    const digit = text[at + i] ?? 0;
    address = address * 16 + (digit < 58 ? digit - 48 : digit - 87);
  }
  return address;
}

/** "address type name", and for a module's function a tab and "[module]". */
function nameAt(text: Buffer, at: number): string {
  const line = text.toString("latin1", at + ADDRESS_DIGITS + 3, nextLine(text, at)).trimEnd();
  return line.replace(/\t.*$/, "");
}

/** -1 when all are above. */
function lastNotAbove(sorted: Float64Array, wanted: number): number {
  let low = -1;
  let high = sorted.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? Number.POSITIVE_INFINITY) <= wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** A function's name without what compilers append to parts and copies of it: "nft_do_chain.cold". */
export function baseName(symbol: string): string {
  return symbol.replace(/\..*$/, "");
}
