// One pass over /proc/kallsyms for the functions around a few addresses: of its 100 000 lines and more nothing is kept but the nearest.

import { closeSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { privileged } from "../privileged/current.ts";

export interface KernelSymbol {
  readonly symbol: string;
  /** From the function's start to the address, in bytes. */
  readonly offset: number;
}

/** An address's lower 48 bits: kernel addresses do not differ in the others. */
export type KernelAddress = number;

export const KALLSYMS = "/proc/kallsyms";

/** More than the kernel hands out at a time, which is a page. */
const CHUNK_BYTES = 1 << 14;
/** The ring goes on filling meanwhile: some 2 ms of reading. */
const READS_PER_TURN = 48;

/** Those without a function at or below them are not in it, and neither is any where the file does not show addresses. */
export async function lookUpSymbols(
  addresses: readonly KernelAddress[],
  path: string = KALLSYMS,
): Promise<ReadonlyMap<KernelAddress, KernelSymbol>> {
  const file = openOrNull(path);
  if (file === null) return new Map();
  const nearest = createNearest(addresses);
  const bytes = Buffer.alloc(CHUNK_BYTES);
  let left = 0;
  try {
    for (let reads = 1; ; reads += 1) {
      // Not by fs/promises, where each page is a turn of a thread: 200 ms instead of 60.
      const length = left + readSync(file, bytes, left, CHUNK_BYTES - left, null);
      if (length === left) break;
      const end = bytes.subarray(0, length).lastIndexOf(NEWLINE) + 1;
      nearest.add(bytes.subarray(0, end));
      bytes.copyWithin(0, end, length);
      left = length - end;
      if (reads % READS_PER_TURN === 0) await setImmediate();
    }
  } finally {
    closeSync(file);
  }
  nearest.add(bytes.subarray(0, left));
  return nearest.found();
}

/** Of a process that has given up root, its helper opens it: what the file shows depends on who did. To be closed. */
export function openOrNull(path: string): number | null {
  const helper = path === KALLSYMS ? privileged() : null;
  if (helper !== null) return helper.symbols();
  try {
    return openSync(path, "r");
  } catch {
    return null;
  }
}

interface Nearest {
  /** @param lines whole lines of "address type name" */
  add(lines: Buffer): void;
  found(): ReadonlyMap<KernelAddress, KernelSymbol>;
}

/**
 * Of all functions between one wanted address and the next only the last is kept, so that each line is held against one
 * address alone. Of functions that start at the same address it is the one that is listed last.
 */
function createNearest(addresses: readonly KernelAddress[]): Nearest {
  const wanted = Float64Array.from(new Set(addresses)).sort();
  const starts = new Float64Array(wanted.length);
  const names: string[] = [];
  /** The index of the first wanted address that is not below. */
  let slot = 0;
  const move = (address: number) => {
    while (slot > 0 && (wanted[slot - 1] ?? 0) >= address) slot -= 1;
    while (slot < wanted.length && (wanted[slot] ?? 0) < address) slot += 1;
  };
  return {
    add: (lines) => {
      // Addresses rise through most of the file: a name is read when the next line belongs to another slot.
      let best = -1;
      let bestSlot = 0;
      const keep = () => {
        if (best >= 0) names[bestSlot] = nameAt(lines, best);
      };
      for (let at = 0; at < lines.length; at = nextLine(lines, at)) {
        const address = functionAt(lines, at);
        if (address === 0) continue;
        move(address);
        if (slot === wanted.length || address < (starts[slot] ?? 0)) continue;
        if (slot !== bestSlot) keep();
        starts[slot] = address;
        best = at;
        bestSlot = slot;
      }
      keep();
    },
    found: () => {
      const found = new Map<KernelAddress, KernelSymbol>();
      let last: { readonly symbol: string; readonly start: number } | undefined;
      for (const [i, address] of wanted.entries()) {
        const symbol = names[i];
        if (symbol !== undefined) last = { symbol, start: starts[i] ?? 0 };
        if (last !== undefined) {
          found.set(address, { symbol: last.symbol, offset: address - last.start });
        }
      }
      return found;
    },
  };
}

const ADDRESS_DIGITS = 16;
const TEXT = "T".charCodeAt(0);
const LOCAL_TEXT = "t".charCodeAt(0);
const NEWLINE = 10;
/** 48 bits, in two halves that are small integers. */
const HALF_DIGITS = 6;
const HALF = 2 ** 24;

function nextLine(text: Buffer, at: number): number {
  const end = text.indexOf(NEWLINE, at);
  return end < 0 ? text.length : end + 1;
}

/** Zero for what is no function, as for every address that is not shown. */
function functionAt(text: Buffer, at: number): KernelAddress {
  const type = text[at + ADDRESS_DIGITS + 1];
  if (type !== TEXT && type !== LOCAL_TEXT) return 0;
  const low = at + ADDRESS_DIGITS - HALF_DIGITS;
  return halfAt(text, low - HALF_DIGITS) * HALF + halfAt(text, low);
}

function halfAt(text: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < at + HALF_DIGITS; i += 1) {
    const digit = text[i] ?? 0;
    value = (value << 4) | (digit < 58 ? digit - 48 : digit - 87);
  }
  return value;
}

/** "address type name", and for a module's function a tab and "[module]". */
function nameAt(text: Buffer, at: number): string {
  const line = text.toString("latin1", at + ADDRESS_DIGITS + 3, nextLine(text, at)).trimEnd();
  return line.replace(/\t.*$/, "");
}
