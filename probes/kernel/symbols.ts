// Names of kernel functions by address, for the few addresses that are looked up.

import { closeSync, readSync } from "node:fs";
import {
  KALLSYMS,
  type KernelAddress,
  type KernelSymbol,
  lookUpSymbols,
  openOrNull,
} from "./kallsyms.ts";

export type FindSymbol = (address: KernelAddress) => KernelSymbol | undefined;

const FIRST_BYTES = 4096;
const SHOWN = /^(?!0{16})[0-9a-f]{16} /m;

/**
 * Null where functions have names; else what is missing. The first lines show it: all zeros, or not.
 * Without CAP_SYSLOG the kernel shows no addresses (kptr_restrict in sysctl/kernel.rst): then nothing is ever found.
 */
export function whyNoSymbols(path: string = KALLSYMS): string | null {
  const first = firstBytes(path);
  if (first === null) return `${path} cannot be read`;
  if (SHOWN.test(first)) return null;
  return `${path} shows no addresses without CAP_SYSLOG`;
}

function firstBytes(path: string): string | null {
  const file = openOrNull(path);
  if (file === null) return null;
  const bytes = Buffer.alloc(FIRST_BYTES);
  try {
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, FIRST_BYTES, 0));
  } catch {
    return null;
  } finally {
    closeSync(file);
  }
}

export interface SymbolSource {
  /** Nothing is found before it was looked up. */
  readonly find: FindSymbol;
  /** Reads the file once for all of the addresses that were not looked up before, and not at all where there are none. */
  lookUp(addresses: Iterable<KernelAddress>): Promise<void>;
}

/** Most runs see no drop, and a pass over the file takes 60 ms, most of it the kernel's own. */
export function createSymbolSource(path: string = KALLSYMS): SymbolSource {
  const known = new Map<KernelAddress, KernelSymbol | undefined>();
  return {
    find: (address) => known.get(address),
    lookUp: async (addresses) => {
      const missing = [...addresses].filter((address) => !known.has(address));
      if (missing.length === 0) return;
      const found = await lookUpSymbols(missing, path);
      for (const address of missing) known.set(address, found.get(address));
    },
  };
}

/** A function's name without what compilers append to parts and copies of it: "nft_do_chain.cold". */
export function baseName(symbol: string): string {
  return symbol.replace(/\..*$/, "");
}
