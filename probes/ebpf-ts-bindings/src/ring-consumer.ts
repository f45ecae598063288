// Reads a ring buffer for as long as it is open: sleep in poll(2) until something comes, then in batches.

import { setTimeout as sleep } from "node:timers/promises";
import { POLLIN } from "./constants.ts";
import { BpfSyscallError } from "./errors.ts";
import type { Libc } from "./libc.ts";
import type { RingBufferMap } from "./map.ts";
import { mapRing } from "./ring-memory.ts";

export interface ConsumerOptions {
  /** Gets every record, in order; its bytes are a copy that may be kept. What it throws ends the consumer. */
  readonly onRecord: (record: Buffer) => void;
  /**
   * How long to let records gather after some came, in milliseconds; 5 by default. A program wakes the
   * reader only when it had read everything, so a gap spares the kernel a wake-up for each record.
   */
  readonly gapMs?: number;
}

/** Keeps the process alive, and one thread of libuv's pool busy, until it is closed. */
export interface RingConsumer {
  /** Hands over at once what is there; returns the number of records. */
  drain(): number;
  /** Hands over what is left, stops and unmaps; resolves when all of it is done. Close the map only then. */
  close(): Promise<void>;
  /** Resolves once closed; rejects with what onRecord threw. */
  readonly done: Promise<void>;
}

/**
 * An endless wait would be one that process.exit joins for ever: libuv waits for its threads. So each
 * wait is short, and an eventfd cuts it shorter.
 */
const WAIT_MS = 200;
const GAP_MS = 5;
/** struct pollfd: fd s32, events s16, revents s16 */
const POLLFD_BYTES = 8;

/** @throws BpfSyscallError when the ring cannot be mapped */
export function consumeRing(
  libc: Libc,
  ring: RingBufferMap,
  { onRecord, gapMs = GAP_MS }: ConsumerOptions,
): RingConsumer {
  const memory = mapRing(libc, ring);
  const wake = libc.eventfd();
  if (wake < 0) {
    memory.unmap();
    throw new BpfSyscallError("eventfd", {
      errno: libc.errno(),
      what: `ring buffer ${ring.name}`,
    });
  }
  const closing = new AbortController();
  // On another thread poll writes into this: the closure holds it until the loop is over.
  const pollfds = encodePollfds([ring.fd, wake]);
  const atExit = () => libc.signal(wake);
  process.once("exit", atExit);

  const loop = async () => {
    while (!closing.signal.aborted) {
      const ready = await libc.poll(pollfds, WAIT_MS);
      if (ready === 0) continue;
      // Below 0 a signal came in between; then, too, there may be records.
      memory.drain(onRecord);
      await rest(gapMs, closing.signal);
    }
    memory.drain(onRecord);
  };
  const cleanUp = () => {
    process.off("exit", atExit);
    memory.unmap();
    libc.close(wake);
  };
  let open = true;
  const done = loop().finally(() => {
    open = false;
    cleanUp();
  });
  return {
    drain: () => memory.drain(onRecord),
    close: async () => {
      closing.abort();
      if (open) libc.signal(wake);
      await done;
    },
    done,
  };
}

function encodePollfds(fds: readonly number[]): Buffer {
  const pollfds = Buffer.alloc(POLLFD_BYTES * fds.length);
  for (const [i, fd] of fds.entries()) {
    pollfds.writeInt32LE(fd, i * POLLFD_BYTES);
    pollfds.writeInt16LE(POLLIN, i * POLLFD_BYTES + 4);
  }
  return pollfds;
}

async function rest(gapMs: number, signal: AbortSignal): Promise<void> {
  // An abort only ends the rest early.
  await sleep(gapMs, undefined, { signal }).catch(() => undefined);
}
