// Walks the records of a BPF ring buffer between what was read and what was written (kernel/bpf/ringbuf.c).

/** A ring's data as the kernel maps it: twice in a row, so that a record at the end goes on without a seam. */
export interface RingData {
  readonly sizeBytes: number;
  /** `2 * sizeBytes` long, both over the same memory. */
  readonly bytes: Buffer;
  readonly words: Uint32Array;
}

export interface Walk {
  /** Copies, in the order in which room for them was taken. */
  readonly records: readonly Buffer[];
  /** Where the next walk begins; what the kernel may be told. */
  readonly position: number;
}

/** struct bpf_ringbuf_hdr: u32 len with two flags, u32 page offset. */
const HEADER_BYTES = 8;
const BUSY = 0x80000000;
const DISCARDED = 0x40000000;
const LENGTH_MASK = 0x3fffffff;

/**
 * Copies finished records from `consumer` on, until `producer`, a record that is still being written, or `max`.
 * Positions count bytes since the ring was made and only grow.
 */
export function walkRecords(
  ring: RingData,
  { consumer, producer, max }: { consumer: number; producer: number; max: number },
): Walk {
  const records: Buffer[] = [];
  let position = consumer;
  while (position < producer && records.length < max) {
    const at = position % ring.sizeBytes;
    // Atomically: the kernel clears BUSY last, and the record must not be read before that.
    const header = Atomics.load(ring.words, at / 4);
    const length = header & LENGTH_MASK;
    // A longer one cannot be; going on would read memory that is not mapped.
    if (header >= BUSY || length > ring.sizeBytes) break;
    if ((header & DISCARDED) === 0) {
      records.push(Buffer.from(ring.bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length)));
    }
    position += Math.ceil((length + HEADER_BYTES) / 8) * 8;
  }
  return { records, position };
}
