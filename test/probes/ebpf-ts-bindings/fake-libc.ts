// A C library without a kernel: bpf(2) answers what a test says, everything else is refused.

import type { Libc } from "../../../probes/ebpf-ts-bindings/src/libc.ts";

interface FakeAnswers {
  /** A result, or an errno below zero. */
  bpf(command: number, attr: Buffer): number;
  liftMemoryLock?(): boolean;
}

export interface FakeLibc extends Libc {
  readonly closed: readonly number[];
  /** What a buffer's pretended address leads to. */
  at(address: bigint): Buffer;
}

export function createFakeLibc({ bpf, liftMemoryLock = () => false }: FakeAnswers): FakeLibc {
  const buffers: Buffer[] = [];
  const closed: number[] = [];
  let errno = 0;
  const refuse = () => {
    throw new Error("this test does not expect that call");
  };
  return {
    closed,
    at: (address) => buffers[Number(address) - 1] ?? Buffer.alloc(0),
    bpf: (command, attr) => {
      const result = bpf(command, attr);
      errno = result < 0 ? -result : errno;
      return result < 0 ? -1 : result;
    },
    addressOf: (buffer) => BigInt(buffers.push(buffer)),
    errno: () => errno,
    liftMemoryLock,
    pageBytes: () => 4096,
    close: (fd) => closed.push(fd) * 0,
    mmap: refuse,
    munmap: refuse,
    view: refuse,
    eventfd: refuse,
    write: refuse,
    duplicate: refuse,
    poll: refuse,
  };
}
