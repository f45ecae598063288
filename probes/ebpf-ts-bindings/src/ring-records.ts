// The records of a ring buffer's data area, as kernel/bpf/ringbuf.c writes them; pure.

import { BPF_RINGBUF_BUSY_BIT, BPF_RINGBUF_DISCARD_BIT, BPF_RINGBUF_HDR_SZ } from "./constants.ts";

/** A part of the ring, in positions that only ever grow. */
export interface RingSpan {
  readonly consumer: number;
  readonly producer: number;
}

/**
 * Hands over every finished record between the two positions and returns how far the consumer got.
 * It stops at the first record that a program still writes, and where a length contradicts the positions.
 * @param words the data area, as words of 32 bits
 * @param sizeBytes a power of two
 * @param onRecord gets where the record's bytes start in the data area, and how many there are
 */
export function readRecords(
  words: Uint32Array,
  sizeBytes: number,
  { consumer, producer }: RingSpan,
  onRecord: (offset: number, length: number) => void,
): number {
  let position = consumer;
  while (position < producer) {
    // sizeBytes is a power of two, but positions outgrow the 32 bits of `&`.
    const offset = position % sizeBytes;
    // Atomic, so that the record's bytes are not read before its head shows that they are there.
    const head = Atomics.load(words, offset / 4);
    if (head >= BPF_RINGBUF_BUSY_BIT) break;
    const discarded = (head & BPF_RINGBUF_DISCARD_BIT) !== 0;
    const length = head & ~BPF_RINGBUF_DISCARD_BIT;
    const next = position + Math.ceil((length + BPF_RINGBUF_HDR_SZ) / 8) * 8;
    if (next > producer) break;
    if (!discarded) onRecord(offset + BPF_RINGBUF_HDR_SZ, length);
    position = next;
  }
  return position;
}
