// Pieces of programs that nearly every program needs: counting, and a record in the ring buffer or the count of its loss.

import { type Assembler, HELPERS, type MapReference } from "./assembler.ts";

/**
 * Counts an entry of a `createCounter` map up by one. Loses r0 to r5 and the four bytes below `stack`.
 * @param options `stack`: an offset from r10, a multiple of 4, below which nothing is kept; -4 when left out
 */
export function emitCount(
  assembler: Assembler,
  counter: MapReference,
  { index = 0, stack = -4 }: { readonly index?: number; readonly stack?: number } = {},
): Assembler {
  const absent = assembler.freshLabel("absent");
  return (
    assembler
      .store("u32", "r10", stack, index)
      .map("r1", counter)
      .mov("r2", "r10")
      .alu("add", "r2", stack)
      .call(HELPERS.mapLookup)
      .jump("eq", "r0", 0, absent)
      .mov("r1", 1)
      // In one step: an interrupt's program may run in the midst of this one on the same CPU.
      .atomicAdd("u64", "r0", 0, "r1")
      .label(absent)
  );
}

/**
 * Room for a record in r0, to be given to `emitSubmit` on every path; when the ring is full the loss is counted
 * and the program goes on at `full`. Loses r1 to r5 and the four bytes at `stack`.
 */
export function emitReserve(
  assembler: Assembler,
  options: {
    readonly ring: MapReference;
    readonly sizeBytes: number;
    readonly lost: MapReference;
    readonly full: string;
    readonly stack?: number;
  },
): Assembler {
  const reserved = assembler.freshLabel("reserved");
  const { stack = -4 } = options;
  assembler
    .map("r1", options.ring)
    .mov("r2", options.sizeBytes)
    .mov("r3", 0)
    .call(HELPERS.ringbufReserve)
    .jump("ne", "r0", 0, reserved);
  return emitCount(assembler, options.lost, { stack }).goto(options.full).label(reserved);
}

/** Hands the record at `record` to the reader. Loses r0 to r5. */
export function emitSubmit(assembler: Assembler, record: "r6" | "r7" | "r8" | "r9"): Assembler {
  return assembler.mov("r1", record).mov("r2", 0).call(HELPERS.ringbufSubmit);
}
