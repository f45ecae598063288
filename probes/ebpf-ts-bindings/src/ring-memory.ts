// The two mappings of a ring buffer: where the consumer is, and where the producer is with the data behind it.

import { PROT_READ, PROT_WRITE } from "./constants.ts";
import { BpfSyscallError } from "./errors.ts";
import type { Libc, Mapping } from "./libc.ts";
import type { RingBufferMap } from "./map.ts";
import { readRecords } from "./ring-records.ts";

export interface RingMemory {
  /**
   * Hands over what is there and frees its room; returns the number of records.
   * Each record is a copy: a view of the ring that somebody keeps would be a crash once it is unmapped.
   */
  drain(onRecord: (record: Buffer) => void): number;
  unmap(): void;
}

/** @throws BpfSyscallError when the memory cannot be mapped */
export function mapRing(libc: Libc, ring: RingBufferMap): RingMemory {
  const page = libc.pageBytes;
  const map = (size: number, protection: number, offset: number): Mapping => {
    const mapping = libc.mmap(size, protection, ring.fd, offset);
    if (mapping !== undefined) return mapping;
    throw new BpfSyscallError("mmap", {
      errno: libc.errno(),
      what: `ring buffer ${ring.name}`,
    });
  };
  const own = map(page, PROT_READ | PROT_WRITE, 0);
  let shared: Mapping;
  try {
    shared = map(page + 2 * ring.sizeBytes, PROT_READ, page);
  } catch (error) {
    libc.munmap(own);
    throw error;
  }
  const consumed = new BigUint64Array(own.bytes, 0, 1);
  const produced = new BigUint64Array(shared.bytes, 0, 1);
  const words = new Uint32Array(shared.bytes, page, ring.sizeBytes / 4);
  // The data are mapped twice in a row, so that a record which wraps is whole.
  const bytes = Buffer.from(shared.bytes, page, 2 * ring.sizeBytes);
  let mapped = true;
  let draining = false;
  /** Copies everything at once, which is cheaper than record by record, and gives the room back before it is looked at. */
  const take = (): readonly Buffer[] => {
    const consumer = Number(Atomics.load(consumed, 0));
    const producer = Number(Atomics.load(produced, 0));
    const places: number[] = [];
    const reached = readRecords(words, ring.sizeBytes, { consumer, producer }, (offset, length) =>
      places.push(offset, length),
    );
    if (reached === consumer) return [];
    const start = consumer % ring.sizeBytes;
    const copy = Buffer.from(bytes.subarray(start, start + reached - consumer));
    Atomics.store(consumed, 0, BigInt(reached));
    return recordsOf(copy, places, start, ring.sizeBytes);
  };
  return {
    drain: (onRecord) => {
      if (!mapped || draining) return 0;
      draining = true;
      try {
        const records = take();
        for (const record of records) onRecord(record);
        return records.length;
      } finally {
        draining = false;
      }
    },
    unmap: () => {
      if (!mapped) return;
      mapped = false;
      libc.munmap(own);
      libc.munmap(shared);
    },
  };
}

/** @param places offset in the ring and length of each record, one after the other */
function recordsOf(
  copy: Buffer,
  places: readonly number[],
  start: number,
  sizeBytes: number,
): readonly Buffer[] {
  const records: Buffer[] = [];
  for (let i = 0; i + 1 < places.length; i += 2) {
    const offset = places[i] ?? 0;
    const from = offset < start ? offset + sizeBytes - start : offset - start;
    records.push(copy.subarray(from, from + (places[i + 1] ?? 0)));
  }
  return records;
}
