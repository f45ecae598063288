// Takes records out of a ring buffer: waits in poll(2) while there are none, then reads in batches.

import { setImmediate, setTimeout } from "node:timers/promises";
import type { Bpf } from "./bpf.ts";
import { ArgumentError, SyscallError } from "./errors.ts";
import { hintFor } from "./hints.ts";
import { POLLFD_BYTES } from "./libc.ts";
import type { RingBufferMap } from "./maps.ts";
import { type RingData, walkRecords } from "./ring-records.ts";

export interface RingOptions {
  /**
   * Milliseconds between two batches, 5 when left out. While the reader lags behind, the kernel wakes nobody, and that
   * is what makes many events cheap; too long, and the ring fills.
   */
  readonly gapMs?: number;
  /** Records of one batch at most, 4096 when left out. */
  readonly batchMax?: number;
  /** Aborting is close(). */
  readonly signal?: AbortSignal;
}

/** The reading end of a ring buffer. Only one may be open on a map. */
export interface Ring {
  /** Copies of the records that are there now, oldest first, `batchMax` at most; [] after close(). Never waits. */
  drain(): readonly Buffer[];
  /**
   * Batches as they come, none of them empty, until close(). Keeps the process alive, and one of libuv's four threads
   * busy. @throws ArgumentError when somebody else iterates already
   */
  batches(): AsyncGenerator<readonly Buffer[], void, void>;
  /**
   * Ends `batches` and gives the memory back; the map stays. Records that were not drained are lost to this process.
   * Resolves when no thread uses the descriptors any more, in 200 ms at the very latest.
   */
  close(): Promise<void>;
}

/**
 * Maps a ring buffer into memory: one page to write the position read, one to read the position written, the data.
 * The map may be closed while the ring is open.
 * @throws SyscallError when mmap, dup or eventfd fail: EPERM, ENOMEM or EMFILE
 */
export function openRing(bpf: Bpf, map: RingBufferMap, options: RingOptions = {}): Ring {
  const { gapMs = GAP_MS, batchMax = BATCH_MAX, signal } = options;
  const memory = mapMemory(bpf, map);
  const waiter = createWaiter(bpf, map, memory.release);
  let iterating = false;
  let closing: Promise<void> | null = null;

  const drain = (): readonly Buffer[] => {
    // After close() the memory is not there, and touching it ends the process.
    if (closing !== null) return [];
    const consumer = Number(Atomics.load(memory.consumer, 0));
    const producer = Number(Atomics.load(memory.producer, 0));
    const { records, position } = walkRecords(memory.data, { consumer, producer, max: batchMax });
    if (position !== consumer) Atomics.store(memory.consumer, 0, BigInt(position));
    return records;
  };
  async function* waitAndDrain() {
    while (closing === null) {
      await waiter.wait();
      for (let records = drain(); records.length > 0; records = drain()) {
        yield records;
        // Under a flood this loop would never let a timer or a signal through.
        await setImmediate();
      }
      if (closing === null) await setTimeout(gapMs);
    }
  }
  async function* batches() {
    if (iterating) throw new ArgumentError(`the ring buffer "${map.name}" has a reader already`);
    iterating = true;
    try {
      yield* waitAndDrain();
    } finally {
      iterating = false;
    }
  }
  const finish = async () => {
    signal?.removeEventListener("abort", onAbort);
    await waiter.close();
    memory.release();
  };
  const close = () => {
    closing ??= finish();
    return closing;
  };
  const onAbort = () => {
    void close();
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener("abort", onAbort);
  return { drain, batches, close };
}

const GAP_MS = 5;
const BATCH_MAX = 4096;
/** process.exit() waits for libuv's threads, so this is how long it may take. */
const POLL_MS = 200;

/** sys/mman.h */
const PROT_READ = 1;
const PROT_WRITE = 2;
/** poll.h */
const POLLIN = 1;

interface Memory {
  readonly consumer: BigUint64Array;
  readonly producer: BigUint64Array;
  readonly data: RingData;
  release(): void;
}

/** Page 0 is the consumer's, page 1 the producer's, then the data twice; only page 0 may be written. */
function mapMemory(bpf: Bpf, map: RingBufferMap): Memory {
  const { libc } = bpf;
  const page = libc.pageBytes();
  const doubled = 2 * map.sizeBytes;
  const mapped: { readonly address: bigint; readonly bytes: number }[] = [];
  const release = () => {
    for (const { address, bytes } of mapped.splice(0)) libc.munmap(address, bytes);
  };
  const take = (bytes: number, protection: number, offset: number): ArrayBuffer => {
    const address = libc.mmap(bytes, protection, map.fd, offset);
    if (address === null) {
      const failure = failureOf(bpf, "mmap", map);
      release();
      throw failure;
    }
    mapped.push({ address, bytes });
    return libc.view(address, bytes);
  };
  const own = take(page, PROT_READ | PROT_WRITE, 0);
  const kernels = take(page + doubled, PROT_READ, page);
  return {
    consumer: new BigUint64Array(own, 0, 1),
    producer: new BigUint64Array(kernels, 0, 1),
    data: {
      sizeBytes: map.sizeBytes,
      bytes: Buffer.from(kernels, page, doubled),
      words: new Uint32Array(kernels, page, doubled / 4),
    },
    release,
  };
}

/** Waits for records or for close(), which writes to an eventfd. */
function createWaiter(bpf: Bpf, map: RingBufferMap, undo: () => void) {
  const { libc } = bpf;
  // A descriptor of its own: under the map's number there may be another file after the map's close().
  const ring = libc.duplicate(map.fd);
  const stop = ring < 0 ? -1 : libc.eventfd();
  if (stop < 0) {
    const failure = failureOf(bpf, ring < 0 ? "fcntl(F_DUPFD_CLOEXEC)" : "eventfd", map);
    if (ring >= 0) libc.close(ring);
    undo();
    throw failure;
  }
  // Both buffers are held by the functions below for as long as a thread may write to them.
  const set = Buffer.alloc(2 * POLLFD_BYTES);
  const one = Buffer.alloc(8);
  one.writeBigUInt64LE(1n, 0);
  for (const [n, fd] of [ring, stop].entries()) {
    set.writeInt32LE(fd, n * POLLFD_BYTES);
    set.writeInt16LE(POLLIN, n * POLLFD_BYTES + 4);
  }
  let waiting: Promise<unknown> = Promise.resolve();
  return {
    wait: async (): Promise<void> => {
      const poll = libc.poll(set, POLL_MS);
      // close() only wants to know that it is over; a failure belongs to whoever waits.
      waiting = poll.catch(() => undefined);
      await poll;
    },
    close: async (): Promise<void> => {
      libc.write(stop, one);
      await waiting;
      for (const fd of [ring, stop]) libc.close(fd);
    },
  };
}

function failureOf(bpf: Bpf, syscall: string, map: RingBufferMap): SyscallError {
  const errno = bpf.libc.errno();
  const subject = `ring buffer "${map.name}"`;
  return new SyscallError({ syscall, subject, errno, hint: hintFor(errno) });
}
